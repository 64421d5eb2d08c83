using System.Collections.Concurrent;

namespace Portico.ControlPlane.Sources;

/// <content>Finds out what the default branch of a repository is called.</content>
internal sealed partial class SourceStore
{
    private const string Heads = "refs/heads/";

    // Only the platform changes them.
    private readonly ConcurrentDictionary<string, string> _heads = new();

    /// <param name="mirror">The name of the remote's mirror.</param>
    /// <returns>Null if the remote does not respond, or does not say.</returns>
    public async Task<string?> DefaultBranchAsync(string mirror, GitRemote remote, CancellationToken cancellationToken)
    {
        using (await TakeTurnAsync(mirror, cancellationToken))
            await CreateAsync(mirror, cancellationToken);
        var result = await GitCommand.TryAsync(
            GitOf(mirror), ["ls-remote", "--quiet", "--symref", "--end-of-options", remote.Url, "HEAD"], cancellationToken, remote);
        // ref: refs/heads/main<tab>HEAD
        return result.ExitCode == 0 && result.Output.Split('\t')[0].Split(' ') is ["ref:", var name] ? BranchIn(name) : null;
    }

    /// <returns>Null if the repository does not exist, or if nothing has been pushed to it: the first push decides.</returns>
    public async Task<string?> LocalDefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        if (_heads.GetValueOrDefault(repository) is not { } branch)
        {
            var result = await GitCommand.TryAsync(GitOf(repository), ["symbolic-ref", "--quiet", "HEAD"], cancellationToken);
            if (result.ExitCode != 0 || BranchIn(result.Output.Trim()) is not { } read)
                return null;
            _heads[repository] = branch = read;
        }
        return await LocalTipAsync(repository, branch, cancellationToken) is not null ? branch : null;
    }

    internal async Task SetLocalDefaultBranchAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        await GitCommand.RunAsync(GitOf(repository), ["symbolic-ref", "HEAD", $"{Heads}{branch}"], cancellationToken);
        _heads[repository] = branch;
    }

    private static string? BranchIn(string reference) => reference.StartsWith(Heads, StringComparison.Ordinal) ? reference[Heads.Length..] : null;
}
