using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Creates the <c>.git</c> directory of a checkout with the newest commits of its branch and their tags, because builds ask Git for
/// the commit, the branch and the version. It belongs to the workload and has no remote.
/// </summary>
internal sealed class CheckoutRepository(BuildRequest request, string directory, CheckoutGit git)
{
    public const string DirectoryName = ".git";

    /// <summary>The number of commits. Builds need the last changes; the whole history could be larger than everything else.</summary>
    private const string Depth = "--depth=50";

    private const int Sha256Digits = 64;

    private readonly string _repository = Path.Combine(directory, DirectoryName);
    private readonly string? _branch = request.Branch is { Length: > 0 } name ? $"refs/heads/{name}" : null;

    /// <summary>Git's index of the checkout.</summary>
    public string Index => Path.Combine(_repository, "index");

    /// <returns>Why the directory could not be created; null if it was.</returns>
    public async Task<string?> MakeAsync(CancellationToken cancellationToken)
    {
        var format = request.Commit.Length == Sha256Digits ? "sha256" : "sha1";
        var head = request.Branch is { Length: > 0 } name ? name : "main";
        return ProblemOf(await git.RunAsync(
            ["init", "--quiet", "--template=", $"--object-format={format}", $"--initial-branch={head}", "--", directory], cancellationToken));
    }

    /// <summary>Copies the commits. A build also works without them.</summary>
    /// <returns>Why the commits could not be copied, in which case there is no repository; null if they were.</returns>
    public async Task<string?> FillAsync(WorkloadTools tools, CancellationToken cancellationToken)
    {
        // All objects in one pack: writing each to a file of its own takes longer.
        var problem = ProblemOf(await git.WithSourceAsync(
            source => ["--git-dir", _repository, "-c", "fetch.unpackLimit=1", "fetch", "--quiet", "--update-head-ok", "--no-write-fetch-head",
                "--no-recurse-submodules", Depth, "--end-of-options", $"file://{source}", $"+{request.Commit}:{_branch ?? "refs/portico/commit"}"],
            new() { ["GIT_ALLOW_PROTOCOL"] = "file" }, cancellationToken));
        if (problem is null && _branch is null)
            problem = ProblemOf(await git.RunAsync(["--git-dir", _repository, "update-ref", "--no-deref", "HEAD", request.Commit], cancellationToken));
        if (problem is not null)
            await DeleteTree.RunAsync(_repository, tools, cancellationToken);
        return problem;
    }

    private static string? ProblemOf(ToolResult result) => result.Succeeded ? null : result.Error.Split('\n')[0];
}
