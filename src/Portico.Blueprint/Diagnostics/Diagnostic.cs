namespace Portico.Blueprint.Diagnostics;

public enum Severity
{
    Warning,
    Error,
}

/// <summary>One error or warning about a file.</summary>
/// <param name="Code">A stable code for scripts, for example <c>unknown-field</c>; see <see cref="Codes"/>.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Path">The path of the field, for example <c>services[0].envVars[2].value</c>; empty for the whole file.</param>
/// <param name="Line">Counted from 1; 0 when the diagnostic is not about a line.</param>
/// <param name="Column">Counted from 1; 0 when the diagnostic is not about a line.</param>
/// <param name="Suggestion">What to do, for example <c>did you mean 'envVars'?</c></param>
public sealed record Diagnostic(
    Severity Severity, string Code, string Message, string Path, int Line, int Column, string? Suggestion)
{
    public override string ToString()
    {
        var place = Line > 0 ? $"{Line}:{Column}: " : "";
        var path = Path.Length > 0 ? $"{Path}: " : "";
        var suggestion = Suggestion is null ? "" : $"; {Suggestion}";
        var severity = Severity == Severity.Error ? "error" : "warning";
        return $"{place}{severity} {Code}: {path}{Message}{suggestion}";
    }
}
