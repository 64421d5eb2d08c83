using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class BlueprintValidateCommand
{
    public static Command Create(CliHost host)
    {
        var file = BlueprintCommand.FileArgument("A render.yaml, or a directory that contains one. Default: the current directory.");
        var json = new Option<bool>("--json") { Description = "Print the diagnostics as JSON." };
        var command = new Command("validate", "Check a render.yaml offline, without a server.") { file, json };
        command.SetAction(parsed => Run(host, parsed.GetValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(CliHost host, string? path, bool asJson)
    {
        var file = BlueprintFile.Find(host, path, orExample: false);
        var diagnostics = LocalCheck.Diagnose(file.Text);
        var errors = diagnostics.Count(item => item.Severity == "error");
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(new ValidationResult(errors == 0, diagnostics), CliJson.Default.ValidationResult));
        else
            Write(host, file, diagnostics, errors);
        return errors == 0 ? ExitCode.Ok : ExitCode.Usage;
    }

    private static void Write(
        CliHost host, BlueprintFile file, IReadOnlyList<Api.Contracts.Platform.BlueprintDiagnostic> diagnostics, int errors)
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
