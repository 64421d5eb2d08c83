namespace Portico.ControlPlane.Sources;

/// <summary>
/// Brings one commit of another repository into one that is here: its objects alone. Branches, and what Git notes of a short
/// history, go into a scratch repository, so that whoever clones from here sees nothing of it.
/// </summary>
internal static class SubmoduleFetch
{
    private const string Scratch = "parts.git";

    /// <summary>What servers that are older than Git's second protocol say to who wants no branch.</summary>
    private static readonly string[] OnlyBranches = ["unadvertised object", "not our ref", "no such remote ref", "couldn't find remote ref"];

    /// <param name="repository">Its path. Nobody else does this there now.</param>
    /// <returns>The commit's tree.</returns>
    public static async Task<string> FetchAsync(string repository, string commit, GitRemote remote, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(repository, Scratch);
        Remove(scratch);
        try
        {
            await GitCommand.RunAsync(scratch, ["init", "--quiet", "--bare", "--template=", scratch], cancellationToken);
            var lent = new GitSurroundings([new("GIT_OBJECT_DIRECTORY", Path.Combine(repository, "objects"))]);
            await FetchAsync(scratch, commit, remote, lent, cancellationToken);
            var tree = await GitCommand.TryAsync(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{commit}^{{tree}}"], cancellationToken);
            return tree.ExitCode == 0 ? tree.Output.Trim() : throw new GitException($"commit {commit} does not exist.");
        }
        finally
        {
            Remove(scratch);
        }
    }

    private static async Task FetchAsync(string scratch, string commit, GitRemote remote, GitSurroundings lent, CancellationToken cancellationToken)
    {
        try
        {
            await SourceStore.FetchAsync(scratch, commit, remote, cancellationToken, lent);
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

    private static void Remove(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }
}
