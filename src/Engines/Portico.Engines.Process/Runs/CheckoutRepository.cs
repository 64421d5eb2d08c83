using Portico.Core.Engines;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Creates the <c>.git</c> directory of a checkout with the newest commits of its branch and their tags, because builds ask Git for
/// the commit, the branch and the version. It belongs to the workload and has no remote.
/// </summary>
internal static class CheckoutRepository
{
    public const string DirectoryName = ".git";

    /// <summary>The number of commits. Builds need the last changes; the whole history could be larger than everything else.</summary>
    private const string Depth = "--depth=50";

    private const int Sha256Digits = 64;

    /// <param name="index">Git's index of the checkout, which becomes the repository's.</param>
    /// <param name="git">Runs git with these arguments.</param>
    /// <returns>Why the directory could not be created; null if it was. A build also works without it.</returns>
    public static async Task<string?> MakeAsync(BuildRequest request, string directory, string index, Func<IReadOnlyList<string>, Task<ToolResult>> git)
    {
        var repository = Path.Combine(directory, DirectoryName);
        var format = request.Commit.Length == Sha256Digits ? "sha256" : "sha1";
        var branch = request.Branch is { Length: > 0 } name ? $"refs/heads/{name}" : "refs/portico/commit";
        IReadOnlyList<string>[] steps =
        [
            ["init", "--quiet", "--template=", $"--object-format={format}", "--", directory],
            ["--git-dir", repository, "fetch", "--quiet", "--update-head-ok", "--no-recurse-submodules", Depth, "--end-of-options",
                $"file://{request.RepositoryPath}", $"+{request.Commit}:{branch}"],
            request.Branch is { Length: > 0 }
                ? ["--git-dir", repository, "symbolic-ref", "HEAD", branch]
                : ["--git-dir", repository, "update-ref", "--no-deref", "HEAD", request.Commit],
        ];
        foreach (var step in steps)
        {
            var done = await git(step);
            if (done.Succeeded)
                continue;
            if (Directory.Exists(repository))
                Directory.Delete(repository, recursive: true);
            return done.Error.Split('\n')[0];
        }
        File.Delete(Path.Combine(repository, "FETCH_HEAD"));
        File.Move(index, Path.Combine(repository, "index"));
        return null;
    }
}
