namespace Portico.ControlPlane.Sources;

/// <content>Finds out what the default branch of a repository is called.</content>
internal sealed partial class SourceStore
{
    private const string Heads = "refs/heads/";

    /// <param name="mirror">The name of the remote's mirror.</param>
    /// <returns>Null if the remote does not respond, or does not say.</returns>
    public async Task<string?> DefaultBranchAsync(string mirror, GitRemote remote, CancellationToken cancellationToken)
    {
        using (await TakeTurnAsync(mirror, cancellationToken))
            await CreateAsync(mirror, cancellationToken);
        var result = await GitCommand.TryAsync(
            PathOf(mirror), ["ls-remote", "--quiet", "--symref", "--end-of-options", remote.Url, "HEAD"], cancellationToken, remote);
        // ref: refs/heads/main<tab>HEAD
        return result.ExitCode == 0 && result.Output.Split('\t')[0].Split(' ') is ["ref:", var name] ? BranchIn(name) : null;
    }

    /// <returns>Null if the repository does not exist, or if nothing has been pushed to it: the first push decides.</returns>
    public async Task<string?> LocalDefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        var result = await GitCommand.TryAsync(PathOf(repository), ["symbolic-ref", "--quiet", "HEAD"], cancellationToken);
        var branch = result.ExitCode == 0 ? BranchIn(result.Output.Trim()) : null;
        return branch is not null && await LocalTipAsync(repository, branch, cancellationToken) is not null ? branch : null;
    }

    private static string? BranchIn(string reference) => reference.StartsWith(Heads, StringComparison.Ordinal) ? reference[Heads.Length..] : null;
}
