using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Writes the files of one commit to a new directory, with Git's plumbing commands and a separate index: without hooks, without
/// filters that run commands, without network access, and without changing the repository.
/// </summary>
internal static partial class Checkout
{
    private static readonly string[] AbsentCommit = ["Not a valid object", "not a tree", "bad object", "Needed a single revision"];

    /// <param name="tell">Writes a line to the build's log.</param>
    /// <exception cref="RunFailure">The repository does not contain the commit, or the files could not be written.</exception>
    public static async Task MakeAsync(
        BuildRequest request, string directory, Account account, WorkloadTools tools, Action<string> tell, CancellationToken cancellationToken)
    {
        if (!CommitId.IsMatch(request.Commit))
            throw new RunFailure($"'{request.Commit}' is not a full commit id.");
        if (request.Tree is { } tree && !CommitId.IsMatch(tree))
            throw new RunFailure($"'{tree}' is not the full id of a tree.");
        if (!Directory.Exists(request.RepositoryPath))
            throw new RunFailure($"The repository {request.RepositoryPath} does not exist.");
        await DeleteTree.RunAsync(directory, tools, cancellationToken);
        // No other account may enter until all files are written.
        account.MakeDirectory(directory);
        var git = new CheckoutGit(request.RepositoryPath, directory, account, tools);
        var repository = new CheckoutRepository(request, directory, git);
        var made = await repository.MakeAsync(cancellationToken);
        var written = await git.WithSourceAsync(
            source => ["-c", "core.bare=false", "-c", "core.symlinks=true", $"--git-dir={source}", $"--work-tree={directory}",
                "read-tree", "--reset", "-u", request.Tree is null ? request.Commit + "^{commit}" : request.Tree + "^{tree}"],
            new() { ["GIT_INDEX_FILE"] = repository.Index },
            cancellationToken);
        if (!written.Succeeded)
            throw new RunFailure(DiskSpace.IsFull(directory) ? DiskSpace.FullMessage : Explain(request.Commit, written.Error));
        if ((made ?? await repository.FillAsync(tools, cancellationToken)) is { } missing)
            tell($"Git cannot be asked about this commit during the build: {missing}");
    }

    private static string Explain(string commit, string error) => AbsentCommit.Any(text => error.Contains(text, StringComparison.Ordinal))
        ? $"Commit {commit} is not in the repository."
        : $"Commit {commit} could not be checked out: {error}";

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex CommitId { get; }
}
