using System.Net.Sockets;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;

namespace Portico.Cli.Servers;

/// <summary>A connection to a server that has answered, and the status that it returned.</summary>
internal sealed record ServerConnection(PlatformClient Client, PlatformStatus Status) : IDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

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
