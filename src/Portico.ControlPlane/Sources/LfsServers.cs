using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Finds who keeps a repository's files in Git LFS, as git-lfs does.</summary>
/// <remarks>
/// What <c>.lfsconfig</c> names; else, by http, the server beside the repository; else, by ssh, the one that
/// <c>git-lfs-authenticate</c> names, or the one beside the repository by https. Each is called by the rules for addresses that
/// a user gives, and the repository's token goes to the repository's own host alone. See
/// https://github.com/git-lfs/git-lfs/blob/main/docs/api/server-discovery.md.
/// </remarks>
public sealed class LfsServers(SourceStore store, ServiceSources sources)
{
    /// <returns>Null where there is none.</returns>
    /// <exception cref="GitException">What names it leads where nobody follows.</exception>
    internal async Task<LfsServer?> FindAsync(TreeWork work, TreePlace place, string commit, CancellationToken cancellationToken)
    {
        if (await LfsConfig.UrlAsync(store.PathOf(work.Repository), commit, cancellationToken) is { } written)
            return LfsServer.At(place.Source is { } own ? GitUrl.WithAccessOf(written, own) : written);
        if (place.Source is not { } source || !GitUrl.IsRemote(source))
            return null;
        return SshAddress.Parse(source) is { } address ? await AskAsync(work, source, address, cancellationToken) : LfsServer.Beside(source);
    }

    private async Task<LfsServer> AskAsync(TreeWork work, string source, SshAddress address, CancellationToken cancellationToken)
    {
        var command = $"git-lfs-authenticate {SshCommand.Quote(address.Path)} download";
        Task<GitResult> Ask(GitRemote remote) => SshCommand.RunAsync(address, remote.Ssh, command, cancellationToken);
        var result = source == work.Main
            ? await sources.OfPersonAsync(source, work.Workspace, Ask, cancellationToken)
            : await sources.ThereAsync(source, work.Main, work.Workspace, Ask, cancellationToken);
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
