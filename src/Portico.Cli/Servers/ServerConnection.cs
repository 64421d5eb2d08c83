using System.Net.Sockets;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;
using Portico.Cli.Remotes;
using Portico.Cli.Rendering;

namespace Portico.Cli.Servers;

/// <summary>A connection to a server that has answered, and the status that it returned.</summary>
internal sealed record ServerConnection(PlatformClient Client, PlatformStatus Status) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads the status again.</summary>
    public Func<PlatformClient, CancellationToken, Task<PlatformStatus>> ReadStatus { get; init; } = static (client, token) => client.GetStatusAsync(token);

    /// <summary>Connects to the server; null when none runs.</summary>
    /// <exception cref="CliException">A server runs, but it does not answer, or this account may not use it.</exception>
    public static async Task<ServerConnection?> TryOpenAsync(PlatformPaths paths, CancellationToken cancellationToken)
    {
        if (Connect(paths) is not { } client)
            return null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return new ServerConnection(client, await client.GetStatusAsync(limit.Token));
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException)
        {
            client.Dispose();
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            client.Dispose();
            throw new CliException(
                $"The server did not answer within {AnswerTimeout.TotalSeconds:0} seconds.",
                $"See the server log: {paths.ServerLog}. Restart Portico with `portico down`, then `portico up`.");
        }
    }

    /// <summary>Connects to the platform that the user has chosen: on another machine, or else on this one.</summary>
    /// <exception cref="CliException">No server runs, or it cannot be reached.</exception>
    public static Task<ServerConnection> OpenAsync(CliHost host, CancellationToken cancellationToken) =>
        new RemoteStore(host).Chosen() is { } remote
            ? RemoteConnection.OpenAsync(remote, cancellationToken)
            : OpenAsync(host.LoadSettings().Paths, cancellationToken);

    /// <exception cref="CliException">No server runs.</exception>
    public static async Task<ServerConnection> OpenAsync(PlatformPaths paths, CancellationToken cancellationToken) =>
        await TryOpenAsync(paths, cancellationToken) ?? throw new CliException(
            $"Portico is not running (PORTICO_HOME is {paths.Home}).", "Start it with `portico start`, or deploy a render.yaml with `portico up`.");

    /// <summary>Returns the resource with this name or id.</summary>
    /// <exception cref="CliException">There is none; the hint suggests the nearest name.</exception>
    public ResourceStatus Find(string name)
    {
        if (Status.Resources.FirstOrDefault(item => item.Name == name || item.Id == name) is { } found)
            return found;
        var names = Status.Resources.Select(item => item.Name).ToList();
        var hint = Suggest.Nearest(name, names) is { } nearest
            ? $"Did you mean `{nearest}`?"
            : names.Count == 0 ? "Nothing is deployed yet. Deploy a render.yaml with `portico up`." : $"Existing names: {string.Join(", ", names)}.";
        throw new CliException($"There is no service or data store named '{name}'.", hint);
    }

    /// <summary>Returns the service with this name or id.</summary>
    /// <exception cref="CliException">There is none, or what has this name is a data store.</exception>
    public ResourceStatus FindService(string name) => FindOnly(name, item => !ResourceWords.IsDataStore(item.Type), "a service");

    /// <summary>Returns the data store with this name or id.</summary>
    /// <exception cref="CliException">There is none, or what has this name is a service.</exception>
    public ResourceStatus FindDataStore(string name) => FindOnly(name, item => ResourceWords.IsDataStore(item.Type), "a database or Key Value store");

    /// <summary>Like <see cref="Find"/>, but never one of several: a service and a database can have the same name.</summary>
    /// <exception cref="CliException">There is none, or there are several.</exception>
    public ResourceStatus FindOnly(string name) => FindOnly(name, _ => true, "a service or data store");

    private ResourceStatus FindOnly(string name, Func<ResourceStatus, bool> isWanted, string wanted)
    {
        var found = Status.Resources.Where(item => (item.Name == name || item.Id == name) && isWanted(item)).ToList();
        if (found.Count == 1)
            return found[0];
        if (found.Count > 1)
            throw new CliException(
                $"{found.Count} resources are named '{name}'.",
                $"Use the id instead: {string.Join(", ", found.Select(item => $"{item.Id} ({ResourceWords.Of(item.Type)})"))}.", ExitCode.Usage);
        var other = Find(name);
        throw new CliException($"{other.Name} is {ResourceWords.Of(other.Type)}, not {wanted}.", "`portico status` shows the type of each resource.");
    }

    public void Dispose() => Client.Dispose();

    private static PlatformClient? Connect(PlatformPaths paths)
    {
        try
        {
            return PlatformClient.Connect(paths);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CliException(
                $"The platform in {paths.Home} belongs to another user: {error.Message}",
                "Run the command as that user, or set PORTICO_HOME and PORTICO_HTTP_PORT to run your own platform.");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
