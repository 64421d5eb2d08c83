using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Runs git for one checkout with the rights of the build's account, because objects of a repository can be hostile: without hooks,
/// without configuration, without a network, and in a sandbox where the machine allows it.
/// </summary>
/// <param name="source">The repository, which only the engine can reach.</param>
/// <param name="directory">The checkout.</param>
internal sealed class CheckoutGit(string source, string directory, Account account, WorkloadTools tools)
{
    private const string NotReadable = "permission denied";

    private static readonly string[] Isolation = ["git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];

    private static readonly Dictionary<string, string> Isolated = new()
    {
        ["GIT_CONFIG_NOSYSTEM"] = "1",
        ["GIT_TERMINAL_PROMPT"] = "0",
        ["GIT_ALLOW_PROTOCOL"] = "none",
        ["HOME"] = "/nonexistent",
    };

    /// <summary>Runs git on the checkout alone.</summary>
    public Task<ToolResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        Tool.RunAsync([.. account.Prefix, .. Isolation, .. arguments], directory, Settings([]), cancellationToken);

    /// <summary>Runs git on the checkout and the repository.</summary>
    /// <param name="arguments">Gets the path at which git sees the repository.</param>
    public async Task<ToolResult> WithSourceAsync(
        Func<string, IReadOnlyList<string>> arguments, Dictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var result = await RunAsync();
        if (result.Succeeded || account.Numbers is null || !result.Error.Contains(NotReadable, StringComparison.OrdinalIgnoreCase))
            return result;
        // The repository belongs to the engine, whose umask may keep others from reading its files. Only the engine can enter the directories above.
        await Tool.RunAsync([.. tools.Identities.HolderOfContent(source).Prefix, "chmod", "-R", "go+rX", "--", source], cancellationToken);
        return await RunAsync();

        Task<ToolResult> RunAsync()
        {
            var view = tools.NewView();
            view.ShowTree(directory, writable: true);
            return tools.RunWithAsync(source, account, view, directory, seen => [.. Isolation, .. arguments(seen)], Settings(settings), cancellationToken);
        }
    }

    private Dictionary<string, string> Settings(Dictionary<string, string> settings)
    {
        var all = new Dictionary<string, string>(settings);
        foreach (var (name, value) in Isolated)
            all.TryAdd(name, value);
        // Programs that git starts get no settings from its command line, and the repository belongs to another account.
        all["GIT_CONFIG_GLOBAL"] = tools.GitConfiguration;
        return all;
    }
}
