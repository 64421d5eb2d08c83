using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;

namespace Portico.Cli.Up;

/// <summary>Checks a Blueprint without a server.</summary>
internal static class LocalCheck
{
    /// <summary>What is true of the process engine on every machine. What a machine has installed, only its server knows.</summary>
    private static readonly EngineSupport Engine = new() { Name = "process", Images = false, Dockerfiles = false, Regions = ["process"] };

    public static IReadOnlyList<BlueprintDiagnostic> Diagnose(BlueprintFile file)
    {
        var parsed = BlueprintParser.Parse(file.Text, directory: file.Directory);
        var engine = parsed.File is null ? [] : EngineCheck.Check(parsed.File, Engine);
        return [.. parsed.Diagnostics.Concat(engine).OrderBy(item => item.Line).ThenBy(item => item.Column).Select(ToWire)];
    }

    /// <summary>Reports errors in the file itself. All others are left to the server, which reports them with what can be done.</summary>
    public static bool ReportsErrors(CliHost host, BlueprintFile file)
    {
        var diagnostics = BlueprintParser.Parse(file.Text, directory: file.Directory).Diagnostics;
        var errors = diagnostics.Count(item => item.Severity == Severity.Error && item.Code != Codes.NotSupported);
        if (errors == 0)
            return false;
        new DiagnosticText(host.ErrorStyle, file.ShownPath, file.Text).Write(host.Error, diagnostics.Select(ToWire));
        ErrorReport.Write(host, $"{file.ShownPath} has {errors} {(errors == 1 ? "error" : "errors")}. Nothing was changed.", null, []);
        return true;
    }

    private static BlueprintDiagnostic ToWire(Diagnostic item) => new(
        item.Severity == Severity.Error ? "error" : "warning",
        item.Code, item.Message, item.Path, item.Line, item.Column, item.Suggestion);
}
