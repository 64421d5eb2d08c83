using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Rendering;

/// <summary>A table of aligned columns without borders, easy to read and to parse.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";
    private readonly List<Cell[]> _rows = [];

    /// <param name="Paint">Colours a cell after it is aligned, so that colour codes do not count as width.</param>
    public readonly record struct Cell(string Text, Func<string, string>? Paint = null)
    {
        public static implicit operator Cell(string? text) => new(text ?? "-");
    }

    public void Add(params Cell[] cells) => _rows.Add(cells);

    /// <param name="width">The columns of the terminal; null for a pipe, where nothing is left out.</param>
    /// <param name="expendable">The headings to leave out, one after the other, while a row is wider than the terminal.</param>
    public void Write(TextWriter output, Style style, int? width = null, params string[] expendable)
    {
        var rows = _rows.Select(row => row.Select(cell => cell with { Text = TerminalText.Line(cell.Text) }).ToArray()).ToList();
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Text.Length).Append(heading.Length).Max()).ToArray();
        int[] columns = [.. Enumerable.Range(0, headings.Length)];
        foreach (var heading in expendable)
            if (columns.Sum(column => widths[column] + Gap.Length) - Gap.Length > width)
                columns = [.. columns.Where(column => headings[column] != heading)];
        WriteRow(output, columns, [.. headings.Select(heading => new Cell(heading, style.Dim))], widths);
        foreach (var row in rows)
            WriteRow(output, columns, row, widths);
    }

    private static void WriteRow(TextWriter output, int[] columns, Cell[] row, int[] widths)
    {
        foreach (var column in columns)
        {
            var (text, paint) = (row[column].Text, row[column].Paint ?? (plain => plain));
            output.Write(paint(text) + (column == columns[^1] ? "" : new string(' ', widths[column] - text.Length) + Gap));
        }
        output.WriteLine();
    }
}
