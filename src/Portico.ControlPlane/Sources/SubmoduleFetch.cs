namespace Portico.ControlPlane.Sources;

/// <summary>
/// Fetches the objects of one commit of another repository into a local one. Branches and shallow boundaries stay in a
/// scratch repository, so that clones of the local repository do not see them.
/// </summary>
internal static class SubmoduleFetch
{
    private const string Scratch = "parts.git";

    /// <summary>Errors of servers older than Git's protocol 2 when a client requests a commit that is not the tip of a branch.</summary>
    private static readonly string[] OnlyBranches = ["unadvertised object", "not our ref", "no such remote ref", "couldn't find remote ref"];

    /// <param name="repository">The path of the repository. No other operation may change it at the same time.</param>
    /// <returns>The tree of the commit.</returns>
    public static async Task<string> FetchAsync(GitRepository repository, string commit, GitRemote remote, CancellationToken cancellationToken)
    {
        var scratch = repository.Inner(Scratch);
        await RemoveAsync(repository, scratch);
        try
        {
            await GitCommand.RunAsync(scratch, ["init", "--quiet", "--bare", "--template=", scratch.Path], cancellationToken);
            var lent = new GitOptions([new("GIT_OBJECT_DIRECTORY", Path.Combine(repository.Path, "objects"))]);
            await FetchAsync(scratch, commit, remote, lent, cancellationToken);
            var tree = await GitCommand.TryAsync(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{commit}^{{tree}}"], cancellationToken);
            return tree.ExitCode == 0 ? tree.Output.Trim() : throw new GitException($"commit {commit} does not exist.");
        }
        finally
        {
            await RemoveAsync(repository, scratch);
        }
    }

    private static async Task FetchAsync(GitRepository scratch, string commit, GitRemote remote, GitOptions lent, CancellationToken cancellationToken)
    {
        try
        {
            await SourceStore.FetchIntoAsync(scratch, commit, remote, cancellationToken, lent);
        }
        catch (GitException exception) when (OnlyBranches.Any(text => exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase)))
        {
            var branches = await GitCommand.TryAsync(
                scratch, ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--end-of-options", remote.Url, "+refs/heads/*:refs/heads/*"],
                cancellationToken, remote, lent);
            if (branches.ExitCode != 0)
                throw new GitException(branches.Error.Trim());
        }
    }

    private static Task RemoveAsync(GitRepository repository, GitRepository scratch) =>
        repository.DeleteAsync(Directory.Exists(scratch.Path) ? [scratch.Path] : [], CancellationToken.None);
}
