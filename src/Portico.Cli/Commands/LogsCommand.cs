using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class LogsCommand
{
    private const int UsualLines = 100;

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service or data store.");
        var tail = new Option<bool>("--tail", "--follow", "-f") { Description = "Follow new output until Ctrl-C." };
        var build = new Option<bool>("--build") { Description = "Show the build log of the newest deploy." };
        var lines = new Option<int?>("--lines", "-n") { Description = $"Show only the last N lines. Default: {UsualLines}; with --build, the whole log.", HelpName = "N" };
        lines.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number >= 0))
                result.AddError($"--lines is '{result.Tokens[0].Value}'; it must be a whole number, 0 or more.");
        });
        var command = new Command("logs", "Show the logs of a service, or of its build.") { name, tail, build, lines };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(tail), parsed.GetValue(build), parsed.GetValue(lines), cancellationToken));
        return (command, ["portico logs api", "portico logs api --tail", "portico logs api --build", "portico logs api -n 1000 | grep ERROR"]);
    }

    private static async Task<int> RunAsync(
        CliHost host, string name, bool follow, bool build, int? lines, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var resource = server.Find(name);
        var prefix = new SourcePrefix(host.OutStyle, !build && resource.Instances.Count > 1);
        try
        {
            var wanted = lines ?? (build ? null : UsualLines);
            var entries = follow && !build
                ? FollowedLog.ReadAsync(server.Client, host.Time, resource.Name, wanted, cancellationToken)
                : server.Client.ReadLogsAsync(resource.Name, wanted, follow, build, cancellationToken);
            await foreach (var entry in entries)
                host.Out.WriteLine(prefix.Of(entry) + entry.Text);
        }
        catch (OperationCanceledException) when (follow && cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the usual end of following.
        }
        return ExitCode.Ok;
    }
}
