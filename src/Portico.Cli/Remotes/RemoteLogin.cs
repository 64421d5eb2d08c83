using System.Net;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;

namespace Portico.Cli.Remotes;

/// <summary>One <c>portico login URL</c>: asks for an API key, tries it, and remembers both.</summary>
internal sealed class RemoteLogin(CliHost host)
{
    /// <exception cref="CliException">The address or the key is wrong.</exception>
    public async Task<int> RunAsync(string? url, string? name, CancellationToken cancellationToken)
    {
        if (url is null)
            throw new CliException("There is no address to log in to.", "Write portico login https://portico.example.com, or see `portico login --help`.", ExitCode.Usage);
        var address = Remote.AddressIn(url) ?? throw new CliException(
            $"'{url}' is not the address of a platform.", "Use a URL such as https://portico.example.com.", ExitCode.Usage);
        if (name == Remote.Local)
            throw new CliException($"'{Remote.Local}' is the name of the platform on this machine.", "Choose another name.", ExitCode.Usage);
        WarnIfOpen(new Uri(address));
        var remote = new Remote(name ?? new Uri(address).Authority, address, await AskAsync(address, cancellationToken));
        var user = await UserAsync(remote, cancellationToken);
        var store = new RemoteStore(host);
        await store.WriteAsync(store.Read().With(remote), cancellationToken);
        host.Out.WriteLine($"You are logged in to {remote.Url} as {user.Email}. Your commands now use it. `portico config use {Remote.Local}` returns to this machine.");
        return ExitCode.Ok;
    }

    private async Task<string> AskAsync(string address, CancellationToken cancellationToken)
    {
        if (host.CanAsk)
            host.Error.Write($"API key for {address}, from `portico keys create NAME` on its machine (not shown as you type): ");
        var key = await CliHost.AskAsync(host.InIsTerminal ? host.ReadHidden : host.ReadLine, cancellationToken);
        if (host.CanAsk)
            host.Error.WriteLine();
        return key?.Trim() is { Length: > 0 } given ? given : throw new CliException(
            "There is no API key.", "Type it, or pass it on standard input. `portico keys create NAME` on the machine of the platform creates one.", ExitCode.Usage);
    }

    private static async Task<User> UserAsync(Remote remote, CancellationToken cancellationToken)
    {
        using var client = PlatformClient.Connect(new Uri(remote.Url), remote.Key);
        return await RemoteConnection.AnswerAsync(remote, client.GetUserAsync, cancellationToken);
    }

    private void WarnIfOpen(Uri address)
    {
        var isLocal = address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
        if (address.Scheme == Uri.UriSchemeHttp && !isLocal)
            host.Error.WriteLine($"{host.ErrorStyle.Yellow("warning:")} {address.Host} is reached without encryption: others in the network can read your API key. Use https if you can.");
    }
}
