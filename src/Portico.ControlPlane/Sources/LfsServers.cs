using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Core.Sources;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>Finds the Git LFS server of a repository, in the same way as git-lfs.</summary>
/// <remarks>
/// The server is the one in <c>.lfsconfig</c>; otherwise, for http, the default URL of the repository; otherwise, for SSH,
/// the one that <c>git-lfs-authenticate</c> returns or the default https URL. Each URL is checked like every URL that a user
/// gives, and the repository's token is sent only to the repository's own host. See
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md.
/// </remarks>
internal sealed class LfsServers(SourceStore store, ServiceSources sources)
{
    /// <returns>Null if there is none.</returns>
    /// <exception cref="GitException">The configured URL is not supported.</exception>
    internal async Task<LfsServer?> FindAsync(TreeAssembly work, TreeOrigin place, string commit, CancellationToken cancellationToken)
    {
        if (await LfsConfig.UrlAsync(store.GitOf(work.Repository), commit, cancellationToken) is { } written)
            return LfsServer.At(place.Source is { } own ? GitUrl.WithAccessOf(written, own) : written);
        if (place.Source is not { } source || !GitUrl.IsRemote(source))
            return null;
        return SshAddress.Parse(source) is { } address ? await AskAsync(work, source, address, cancellationToken) : LfsServer.Beside(source);
    }

    private async Task<LfsServer> AskAsync(TreeAssembly work, string source, SshAddress address, CancellationToken cancellationToken)
    {
        var command = $"git-lfs-authenticate {SshCommand.Quote(address.Path)} download";
        Task<ProcessResult> Ask(GitRemote remote) => SshCommand.RunAsync(address, remote.SshOptions, command, cancellationToken);
        var result = source == work.Main.Url
            ? await sources.OfPersonAsync(work.Main, Ask, cancellationToken)
            : await sources.ThereAsync(source, work.Main, Ask, cancellationToken);
        if (result.ExitCode != 0)
            return LfsServer.Beside(address) with { Hint = $" git-lfs-authenticate over SSH reported: {result.Error.Trim()}" };
        var answer = Parse(result.Output, address.Host);
        var url = answer.Href?.TrimEnd('/') ?? LfsServer.Beside(address).Url;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new GitException($"Git LFS: git-lfs-authenticate at {address.Host} returned '{url}', which is not an http or https URL.");
        return new LfsServer(url, answer.Header ?? new Dictionary<string, string>());
    }

    private static LfsSshAnswer Parse(string output, string host)
    {
        try
        {
            return JsonSerializer.Deserialize(output, LfsJson.Default.LfsSshAnswer) ?? new LfsSshAnswer();
        }
        catch (JsonException exception)
        {
            // What it said may hold a token.
            throw new GitException($"Git LFS: the response of git-lfs-authenticate at {host} is not valid.", exception);
        }
    }
}
