using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Accounts;

/// <summary>
/// Runs the engine's own tools on files that workloads wrote: never with the engine's rights, always with those of the account that
/// the files belong to, and in a sandbox that shows only them where the machine allows it.
/// </summary>
internal sealed class WorkloadTools(EngineHome home, Identities identities, Sandbox? sandbox)
{
    public Identities Identities => identities;

    /// <summary>The settings of git for all accounts, where workloads and tools see them.</summary>
    public string GitConfiguration => sandbox is null ? Path.Combine(home.SandboxFiles, "gitconfig") : "/etc/gitconfig";

    public WorkloadView NewView() => new(sandbox is not null);

    /// <summary>Runs a tool that sees one directory at its own path and may change it.</summary>
    public Task<ToolResult> RunAsync(string tree, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Tool.RunAsync(CommandFor(tree, command), cancellationToken);

    /// <summary>Returns a command that sees one directory at its own path, with the rights of the account that it belongs to.</summary>
    public IReadOnlyList<string> CommandFor(string tree, IReadOnlyList<string> command)
    {
        var view = NewView();
        view.ShowTree(tree, writable: true);
        return CommandFor(identities.HolderOf(tree), view, "/", command);
    }

    /// <summary>Starts a tool within limits, unless it runs as the engine's own user. The caller reads its output and ends it.</summary>
    public System.Diagnostics.Process Start(Account account, WorkloadView view, string directory, IReadOnlyList<string> command)
    {
        var started = CommandFor(account, view, directory, command);
        return Tool.Start(account.Numbers is null ? started : ToolLimits.Apply(started), "/", new Dictionary<string, string>());
    }

    public Task<ToolResult> RunAsync(Account account, WorkloadView view, string directory, IReadOnlyList<string> command, CancellationToken cancellationToken) =>
        Tool.RunAsync(CommandFor(account, view, directory, command), "/", new Dictionary<string, string>(), cancellationToken);

    /// <summary>Runs a tool that also reads a directory that only the engine can reach, for example a repository.</summary>
    /// <param name="borrowed">The directory. The tool sees it at the path that <paramref name="command"/> gets.</param>
    public Task<ToolResult> RunWithAsync(
        string borrowed, Account account, WorkloadView view, string directory, Func<string, IReadOnlyList<string>> command,
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        if (account.Numbers is null || sandbox is null)
        {
            view.Show(borrowed, borrowed);
            return Tool.RunAsync(CommandFor(account, view, directory, command(borrowed)), directory, environment, cancellationToken);
        }
        view.Show(home.Borrowed, home.Borrowed);
        var reader = identities.WithGroupOf(account, borrowed);
        var settings = environment.ToDictionary();
        settings["__portico_source"] = borrowed;
        settings["__portico_target"] = home.Borrowed;
        return Tool.RunAsync(
            ToolLimits.Apply([
                "unshare", "--mount", "--propagation", "private", "--", Workloads.Launcher.Shell, home.Script, "tool", .. CommandFor(reader, view, directory, command(home.Borrowed))]),
            "/", settings, cancellationToken);
    }

    private IReadOnlyList<string> CommandFor(Account account, WorkloadView view, string directory, IReadOnlyList<string> command) => sandbox is not null
        ? sandbox.ForTool(account, view, directory, command)
        : [.. account.Prefix, .. command];
}
