namespace Portico.Blueprint.Diagnostics;

public enum Severity
{
    Warning,
    Error,
}

/// <summary>One thing that is wrong, or doubtful, in a file.</summary>
/// <param name="Code">Stable, for scripts, for example <c>unknown-field</c>; see <see cref="Codes"/>.</param>
/// <param name="Message">What is wrong, for a person.</param>
/// <param name="Path">For example <c>services[0].envVars[2].value</c>; empty for the file as a whole.</param>
/// <param name="Line">Counted from 1; 0 when it concerns no line.</param>
/// <param name="Column">Counted from 1; 0 when it concerns no line.</param>
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
