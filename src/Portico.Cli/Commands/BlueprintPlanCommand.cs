using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Up;
using Portico.Hosting;

namespace Portico.Cli.Commands;

internal static class BlueprintPlanCommand
{
    public static Command Create(CliHost host)
    {
        var file = BlueprintCommand.FileArgument("A render.yaml, or a directory that contains one. Default: the current directory.");
        var json = new Option<bool>("--json") { Description = "Print the plan as JSON." };
        var command = new Command("plan", "Show what `up` would change, without changing anything.") { file, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(file), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, string? path, bool asJson, CancellationToken cancellationToken)
    {
        var file = BlueprintFile.Find(host, path, orExample: false);
        using var server = await new ServerLauncher(host, host.LoadSettings()).EnsureAsync(cancellationToken);
        var request = new ApplyBlueprint { Blueprint = file.Text, FileName = file.ShownPath, Directory = file.Directory, DryRun = true };
        var result = await server.Client.ApplyAsync(request, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Readable.BlueprintResult));
        else
            Write(host, file, result);
        return result.Diagnostics.Any(item => item.Severity == "error") ? ExitCode.Usage : ExitCode.Ok;
    }

    private static void Write(CliHost host, BlueprintFile file, BlueprintResult result)
    {
        new DiagnosticText(host.ErrorStyle, file.ShownPath, file.Text).Write(host.Error, result.Diagnostics);
        if (result.PlanText.Length > 0)
            PlanSummary.WriteWhole(host.Out, host.OutStyle, result.PlanText);
        foreach (var item in result.RequiredValues)
            host.Out.WriteLine(host.OutStyle.Yellow($"? {item.Resource}.{item.Key} has no value yet (sync: false); `up` will ask for it."));
        var cannotRun = result.LeftOut.Where(item => !item.Skipped).Select(item => item.Name).ToList();
        if (cannotRun.Count > 0)
            ErrorReport.Write(
                host, $"{file.ShownPath} cannot be applied as it is: {TerminalText.Line(string.Join(", ", cannotRun))} cannot run here.",
                $"`up` asks whether to deploy the rest; or add {string.Join(' ', cannotRun.Select(name => $"--skip {TerminalText.Line(name)}"))}.", []);
    }
}
