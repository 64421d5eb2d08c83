using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>Prints the diagnostics of a Blueprint as compilers do: place, message, the line, a caret.</summary>
internal sealed class DiagnosticText(Style style, string fileName, string source)
{
    private const int WidestLine = 160;
    private readonly string[] _lines = source.Split('\n');

    public void Write(TextWriter output, IEnumerable<BlueprintDiagnostic> diagnostics)
    {
        foreach (var item in diagnostics)
            Write(output, item);
    }

    private void Write(TextWriter output, BlueprintDiagnostic item)
    {
        var place = item.Line > 0 ? $"{fileName}:{item.Line}:{item.Column}" : fileName;
        var severity = item.Severity == "error" ? style.Red("error") : style.Yellow(item.Severity);
        output.WriteLine($"{style.Bold(place)}: {severity}: {TerminalText.Line(item.Message)} {style.Dim($"[{item.Code}]")}");
        if (item.Line > 0 && item.Line <= _lines.Length)
            WriteSource(output, item);
        if (item.Suggestion is { Length: > 0 } suggestion)
            output.WriteLine($"  {style.Cyan("help:")} {TerminalText.Line(suggestion)}");
    }

    private void WriteSource(TextWriter output, BlueprintDiagnostic item)
    {
        var line = _lines[item.Line - 1].TrimEnd('\r');
        var number = $"{item.Line,5} | ";
        output.WriteLine(style.Dim(number) + TerminalText.Line(line, WidestLine));
        if (item.Column < 1 || item.Column > Math.Min(line.Length + 1, WidestLine))
            return;
        // Tabs are kept, so that the caret stands below what it points at.
        var indent = string.Concat(line[..(item.Column - 1)].Select(character => character == '\t' ? '\t' : ' '));
        output.WriteLine($"{style.Dim("      | ")}{indent}{style.Red("^")}");
    }
}
