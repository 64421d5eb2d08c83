using Portico.Cli.Hosting;

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

    public void Write(TextWriter output, Style style)
    {
        var rows = _rows.Select(row => row.Select(cell => cell with { Text = SafeText.Line(cell.Text) }).ToArray()).ToList();
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Text.Length).Append(heading.Length).Max()).ToArray();
        WriteRow(output, [.. headings.Select(heading => new Cell(heading, style.Dim))], widths);
        foreach (var row in rows)
            WriteRow(output, row, widths);
    }

    private static void WriteRow(TextWriter output, Cell[] row, int[] widths)
    {
        for (var column = 0; column < row.Length; column++)
        {
            var (text, paint) = (row[column].Text, row[column].Paint ?? (plain => plain));
            var isLast = column == row.Length - 1;
            output.Write(paint(text) + (isLast ? "" : new string(' ', widths[column] - text.Length) + Gap));
        }
        output.WriteLine();
    }
}
