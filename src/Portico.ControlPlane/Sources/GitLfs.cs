namespace Portico.ControlPlane.Sources;

/// <summary>Files of which a repository has but a pointer: Git LFS keeps them elsewhere.</summary>
/// <remarks>See https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.</remarks>
internal static class GitLfs
{
    private const string Version = @"^version https://git-lfs\.github\.com/spec/v1$", Oid = "^oid sha256:[0-9a-f]{64}$";

    /// <summary>Nearly always there is none, and one look at the attributes tells.</summary>
    /// <param name="repository">Its path.</param>
    /// <param name="tree">Or a commit.</param>
    /// <returns>Their paths.</returns>
    public static async Task<IReadOnlyList<string>> PointersAsync(string repository, string tree, CancellationToken cancellationToken)
    {
        var attributes = await FindAsync(repository, ["--fixed-strings", "-e", "filter=lfs", tree, "--", ":(glob)**/.gitattributes"], cancellationToken);
        return attributes.Count == 0 ? [] : await FindAsync(repository, ["-E", "--all-match", "-e", Version, "-e", Oid, tree], cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> FindAsync(string repository, IReadOnlyList<string> what, CancellationToken cancellationToken)
    {
        string[] grep = ["grep", "--files-with-matches", "--null", "--no-recurse-submodules", "--threads=1"];
        // Nothing found is code 1.
        var found = await GitCommand.TryAsync(repository, [.. grep, .. what], cancellationToken);
        return found.ExitCode > 1 ? throw new GitException(found.Error.Trim())
            : [.. found.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(item => item[(item.IndexOf(':', StringComparison.Ordinal) + 1)..])];
    }
}
