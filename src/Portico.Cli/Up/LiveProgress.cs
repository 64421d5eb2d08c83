using System.Globalization;
using Portico.Cli.Rendering;
using Spectre.Console;
using Spectre.Console.Rendering;
using Palette = Spectre.Console.Style;

namespace Portico.Cli.Up;

/// <summary>Shows progress on a terminal: redraws a table, with the last log line of slow builds.</summary>
internal sealed class LiveProgress(TextWriter output, bool colour) : IProgressView
{
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private const int Columns = 5;

    private int _frame;

    public Task<IReadOnlyList<TrackedResource>> ShowAsync(
        Func<Action<IReadOnlyList<TrackedResource>>, Task<IReadOnlyList<TrackedResource>>> watch)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = AnsiSupport.Yes,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
        });
        return console.Live(new Text("")).AutoClear(true).StartAsync(context => watch(resources =>
        {
            context.UpdateTarget(Draw(resources));
            context.Refresh();
        }));
    }

    private Table Draw(IReadOnlyList<TrackedResource> resources)
    {
        _frame++;
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        for (var column = 0; column < Columns; column++)
            table.AddColumn(new TableColumn("") { NoWrap = true });
        foreach (var item in resources)
            table.AddRow(Row(item));
        return table;
    }

    private IRenderable[] Row(TrackedResource item)
    {
        var (mark, color) = item.Outcome.Kind switch
        {
            OutcomeKind.Live => ("✓", Color.Green),
            OutcomeKind.Failed => ("✗", Color.Red),
            _ => (Spinner[_frame % Spinner.Length], Color.Yellow),
        };
        var isSlow = item.Outcome.Kind == OutcomeKind.Waiting && item.Elapsed > Long;
        var log = isSlow ? item.Status?.Progress?.LastLogLine ?? "" : "";
        return
        [
            new Text(mark, new Palette(color)),
            new Text(item.Name, new Palette(decoration: Decoration.Bold)),
            new Text(SafeText.Line(item.Phase, 40), new Palette(color)),
            new Text(string.Create(CultureInfo.InvariantCulture, $"{item.Elapsed.TotalSeconds:0.0} s")).RightJustified(),
            new Text(SafeText.Line(log, 200), new Palette(decoration: Decoration.Dim)) { Overflow = Overflow.Ellipsis },
        ];
    }
}
