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
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly string[] AbsentCommit = ["Not a valid object", "not a tree", "bad object", "Needed a single revision"];

    private static readonly Dictionary<string, string> Isolated = new()
    {
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_CONFIG_GLOBAL"] = "/dev/null",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_ALLOW_PROTOCOL"] = "none",
        ["HOME"] = "/nonexistent",
    };

    /// <param name="tell">Writes a line to the build's log.</param>
    /// <exception cref="RunFailure">The repository does not contain the commit, or the files could not be written.</exception>
    public static async Task MakeAsync(
        BuildRequest request, string directory, string indexFile, Account account, Action<string> tell, CancellationToken cancellationToken)
    {
        if (!CommitId.IsMatch(request.Commit))
            throw new RunFailure($"'{request.Commit}' is not a full commit id.");
        if (request.Tree is { } tree && !CommitId.IsMatch(tree))
            throw new RunFailure($"'{tree}' is not the full id of a tree.");
        if (!Directory.Exists(request.RepositoryPath))
            throw new RunFailure($"The repository {request.RepositoryPath} does not exist.");
        await DeleteTree.RunAsync(directory, account, cancellationToken);
        // No other account may enter until all files are written and have their owner.
        Directory.CreateDirectory(directory, OwnerOnly);
        File.Delete(indexFile);
        var git = await GitAsync(
            ["-c", "core.bare=false", "-c", "core.symlinks=true", $"--git-dir={request.RepositoryPath}", $"--work-tree={directory}",
                "read-tree", "--reset", "-u", request.Tree is null ? request.Commit + "^{commit}" : request.Tree + "^{tree}"],
            directory,
            new() { ["GIT_INDEX_FILE"] = indexFile },
            cancellationToken);
        if (!git.Succeeded)
            throw new RunFailure(DiskSpace.IsFull(directory) ? DiskSpace.FullMessage : Explain(request.Commit, git.Error));
        var missing = await CheckoutRepository.MakeAsync(
            request, directory, indexFile, arguments => GitAsync(arguments, directory, new() { ["GIT_ALLOW_PROTOCOL"] = "file" }, cancellationToken));
        if (missing is not null)
            tell($"Git cannot be asked about this commit during the build: {missing}");
        File.Delete(indexFile);
        await GiveAwayAsync(directory, account, cancellationToken);
    }

    private static Task<ToolResult> GitAsync(
        IReadOnlyList<string> arguments, string directory, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in Isolated)
            settings.TryAdd(name, value);
        return Tool.RunAsync(
            ["git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", .. arguments], directory, settings, cancellationToken);
    }

    private static async Task GiveAwayAsync(string directory, Account account, CancellationToken cancellationToken)
    {
        if (account.Numbers is not { } numbers)
            return;
        var given = await Tool.RunAsync(["chown", "-R", "-h", $"{numbers.User}:{numbers.Group}", "--", directory], cancellationToken);
        if (!given.Succeeded)
            throw new RunFailure($"The checkout could not be given to the account '{account.Name}': {given.Error}");
    }

    private static string Explain(string commit, string error) => AbsentCommit.Any(text => error.Contains(text, StringComparison.Ordinal))
        ? $"Commit {commit} is not in the repository."
        : $"Commit {commit} could not be checked out: {error}";

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex CommitId { get; }
}
