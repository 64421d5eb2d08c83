using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Runs programs of a toolchain to find out their version, as the workloads' account and with a home, which some programs need.</summary>
/// <param name="home">A directory of the account.</param>
internal sealed class ToolchainProbe(Account account, string home)
{
    private const int LongestAnswer = 300;

    public Account Account => account;

    public Task<ToolResult> AskAsync(IReadOnlyList<string> command, string directory, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(account, home, command, directory, timeout, cancellationToken);

    /// <summary>Runs a program in a directory of a workload, with the rights of the account that may read it.</summary>
    public static Task<ToolResult> AskInAsync(
        string directory, Account reader, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(reader, "/tmp", command, directory, timeout, cancellationToken);

    private static async Task<ToolResult> AskAsync(
        Account account, string home, IReadOnlyList<string> command, string directory, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>
        {
            ["HOME"] = home,
            ["PATH"] = $"{Path.GetDirectoryName(command[0])}:{Tool.SystemPath}",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await Tool.RunAsync([.. account.Prefix, .. command], directory, variables, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ToolResult(124, "", $"There was no answer within {timeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Describes a command and its result.</summary>
    public static string Describe(IReadOnlyList<string> command, ToolResult answer)
    {
        var said = $"{answer.Error} {answer.Output}".ReplaceLineEndings(" ").Trim();
        return $"'{string.Join(' ', command)}' {(answer.Succeeded ? "printed no version" : $"failed with status {answer.ExitCode}")}"
            + (said.Length == 0 ? "." : $": {(said.Length > LongestAnswer ? said[..LongestAnswer] + "…" : said)}");
    }
}
