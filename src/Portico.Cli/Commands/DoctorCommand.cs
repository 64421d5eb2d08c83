using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Checks;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Hosting;

namespace Portico.Cli.Commands;

internal static class DoctorCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print the results as JSON." };
        var command = new Command("doctor", "Check this machine for problems and show how to fix them.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(json), cancellationToken));
        return (command, ["portico doctor", "portico doctor --json | jq '.checks[] | select(.level == \"error\")'"]);
    }

    private static async Task<int> RunAsync(CliHost host, bool asJson, CancellationToken cancellationToken)
    {
        var checks = await CheckAsync(host, cancellationToken);
        var ok = checks.All(check => check.Level != "error");
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(new DoctorResult(ok, checks), CliJson.Readable.DoctorResult));
        else
            Write(host, checks);
        return ok ? ExitCode.Ok : ExitCode.Failure;
    }

    private static async Task<List<CheckResult>> CheckAsync(CliHost host, CancellationToken cancellationToken)
    {
        var settings = host.LoadSettings();
        var (server, finding) = await ServerAsync(host, settings.Paths, cancellationToken);
        using (server)
        {
            List<CheckResult> checks = [.. await new MachineChecks(host, settings).RunAsync(server is not null, cancellationToken), finding];
            if (server is null)
                return checks;
            if (EdgeReport.Sentence(server.Status) is { } problem)
                checks.Add(CheckResult.Error("edge", problem, "Restart Portico with `portico down`, then `portico up`."));
            checks.AddRange(BackgroundChecks.Of(await server.Client.GetBackgroundAsync(cancellationToken)));
            var engine = await server.Client.GetEngineAsync(cancellationToken);
            var outside = await server.Client.CheckOutsideAsync(cancellationToken);
            checks.AddRange(engine.Checks.Concat(outside.Checks).Select(item => new CheckResult(item.Level, item.Name, item.Message, item.Fix)));
            return checks;
        }
    }

    // A server that does not answer is a result of this check; the other checks still run.
    private static async Task<(ServerConnection?, CheckResult)> ServerAsync(
        CliHost host, Api.Contracts.Platform.PlatformPaths paths, CancellationToken cancellationToken)
    {
        try
        {
            var server = await ServerConnection.TryOpenAsync(paths, cancellationToken);
            return (server, server is null
                ? CheckResult.Ok("server", "not running; `portico up` starts it, and `portico doctor` then runs more checks")
                : CheckResult.Ok("server", $"version {server.Status.Version}, process {server.Status.ServerProcessId}"));
        }
        catch (CliException error)
        {
            return (null, CheckResult.Error("server", error.Message, error.Hint ?? $"See the server log: {host.LoadSettings().Paths.ServerLog}"));
        }
    }

    private static void Write(CliHost host, List<CheckResult> checks)
    {
        var style = host.OutStyle;
        var width = checks.Max(check => check.Name.Length);
        foreach (var check in checks)
        {
            var level = check.Level switch
            {
                "ok" => style.Green("ok     "),
                "warning" => style.Yellow("warning"),
                _ => style.Red("error  "),
            };
            host.Out.WriteLine($"{level}  {check.Name.PadRight(width)}  {TerminalText.Line(check.Message)}");
            if (check.Fix is { } fix && check.Level != "ok")
                host.Out.WriteLine($"         {new string(' ', width)}  {style.Cyan("fix:")} {TerminalText.Line(fix)}");
        }
    }
}
