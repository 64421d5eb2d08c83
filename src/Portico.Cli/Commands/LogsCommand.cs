using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Logs;

namespace Portico.Cli.Commands;

internal static class LogsCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service or data store.");
        var tail = new Option<bool>("--tail", "--follow", "-f") { Description = "Follow new output until Ctrl-C." };
        var build = new Option<bool>("--build") { Description = "Show the build log of the newest deploy." };
        var lines = Lines();
        var since = Since(host);
        var level = new Option<string?>("--level") { Description = "Show only lines of this level or above: debug, info, warning or error.", HelpName = "LEVEL" };
        level.AcceptOnlyFromAmong(LogsRun.Levels);
        var timestamps = new Option<bool>("--timestamps", "-t") { Description = "Show when each line was written." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object per line: timestamp, level, source, text." };
        var command = new Command("logs", "Show the logs of a service, or of its build.") { name, tail, build, lines, since, level, timestamps, json };
        command.SetAction((parsed, cancellationToken) => new LogsRun(host, new LogsOptions(
            parsed.GetRequiredValue(name), parsed.GetValue(tail), parsed.GetValue(build), parsed.GetValue(lines),
            parsed.GetValue(since) is { } text ? SinceTime.Parse(text, host.Time) : null,
            parsed.GetValue(level), parsed.GetValue(timestamps), parsed.GetValue(json))).RunAsync(cancellationToken));
        return (command,
        [
            "portico logs api", "portico logs api --tail", "portico logs api --build", "portico logs api --since 10m --level warning",
            "portico logs api --json | jq -r .text", "portico logs api -n 1000 | grep ERROR",
        ]);
    }

    private static Option<int?> Lines()
    {
        var lines = new Option<int?>("--lines", "-n")
        {
            Description = $"Show only the last N lines. Default: {LogsRun.UsualLines}; with --build or --since, all.",
            HelpName = "N",
        };
        lines.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number is >= 0 and <= LogEntry.MostNewest))
                result.AddError($"--lines is '{result.Tokens[0].Value}'; it must be a whole number from 0 to {LogEntry.MostNewest}. For all lines, use --since.");
        });
        return lines;
    }

    private static Option<string?> Since(CliHost host)
    {
        var since = new Option<string?>("--since") { Description = $"Show only lines that were written since: {SinceTime.Examples}.", HelpName = "TIME" };
        since.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && SinceTime.Parse(result.Tokens[0].Value, host.Time) is null)
                result.AddError($"--since is '{result.Tokens[0].Value}'; it must be a duration or a time, for example {SinceTime.Examples}.");
        });
        return since;
    }
}
