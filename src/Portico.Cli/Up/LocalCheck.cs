using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;

namespace Portico.Cli.Up;

/// <summary>Checks a Blueprint without a server.</summary>
internal static class LocalCheck
{
    public static IReadOnlyList<BlueprintDiagnostic> Diagnose(string text) =>
        [.. BlueprintParser.Parse(text).Diagnostics.Select(item => new BlueprintDiagnostic(
            item.Severity == Severity.Error ? "error" : "warning",
            item.Code, item.Message, item.Path, item.Line, item.Column, item.Suggestion))];

    /// <summary>Reports errors. Warnings alone are left to the server, which reports them anyway.</summary>
    public static bool ReportsErrors(CliHost host, BlueprintFile file)
    {
        var diagnostics = Diagnose(file.Text);
        var errors = diagnostics.Count(item => item.Severity == "error");
        if (errors == 0)
            return false;
        new DiagnosticText(host.ErrorStyle, file.ShownPath, file.Text).Write(host.Error, diagnostics);
        ErrorReport.Write(host, $"{file.ShownPath} has {errors} {(errors == 1 ? "error" : "errors")}. Nothing was changed.", null, []);
        return true;
    }
}
