using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class BlueprintValidateCommand
{
    public static Command Create(CliHost host)
    {
        var file = BlueprintCommand.FileArgument("A render.yaml, or a directory that contains one. Default: the current directory.");
        var json = new Option<bool>("--json") { Description = "Print the diagnostics as JSON." };
        var command = new Command("validate", "Check a render.yaml. Without a running server, this does not check what is installed on the machine.") { file, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(file), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, string? path, bool asJson, CancellationToken cancellationToken)
    {
        var file = BlueprintFile.Find(host, path, orExample: false);
        var checkedByServer = await DiagnoseAsync(host, file, cancellationToken);
        var diagnostics = checkedByServer ?? LocalCheck.Diagnose(file);
        var errors = diagnostics.Count(item => item.Severity == "error");
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(new ValidationResult(errors == 0, diagnostics), CliJson.Readable.ValidationResult));
        else
            Write(host, file, diagnostics, errors);
        if (errors == 0 && checkedByServer is null)
            host.Error.WriteLine(host.ErrorStyle.Dim(
                "Portico is not running, so this did not check which languages and databases are installed. `portico blueprint plan` does."));
        return errors == 0 ? ExitCode.Ok : ExitCode.Usage;
    }

    /// <summary>Asks the server, which knows what this machine can run and what the file may refer to; null when none runs.</summary>
    private static async Task<IReadOnlyList<BlueprintDiagnostic>?> DiagnoseAsync(CliHost host, BlueprintFile file, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.TryOpenAsync(host.LoadSettings().Paths, cancellationToken);
        if (server is null)
            return null;
        var request = new ApplyBlueprint { Blueprint = file.Text, FileName = file.ShownPath, Directory = file.Directory, DryRun = true };
        return (await server.Client.ApplyAsync(request, cancellationToken)).Diagnostics;
    }

    private static void Write(
        CliHost host, BlueprintFile file, IReadOnlyList<BlueprintDiagnostic> diagnostics, int errors)
    {
        new DiagnosticText(host.ErrorStyle, file.ShownPath, file.Text).Write(host.Error, diagnostics);
        var warnings = diagnostics.Count - errors;
        if (errors > 0)
            ErrorReport.Write(host, $"{file.ShownPath} has {Count(errors, "error")}.", null, []);
        else
            host.Out.WriteLine(warnings == 0 ? $"{file.ShownPath} is valid." : $"{file.ShownPath} is valid ({Count(warnings, "warning")}).");
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
