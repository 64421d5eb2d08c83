using Portico.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;
using Palette = Spectre.Console.Style;

namespace Portico.Cli.Up;

/// <summary>Shows progress on a terminal: redraws a table, with the last log line of slow builds.</summary>
internal sealed class LiveProgress(TextWriter output, bool colour) : IProgressView
{
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

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
            context.UpdateTarget(Draw(resources, console.Profile.Width));
            context.Refresh();
        }));
    }

    internal IRenderable Draw(IReadOnlyList<TrackedResource> resources, int width)
    {
        _frame++;
        var layout = ProgressLayout.For(resources, width);
        return new Rows(resources.SelectMany(item => Lines(item, layout, width)));
    }

    private IEnumerable<IRenderable> Lines(TrackedResource item, ProgressLayout layout, int width)
    {
        var (mark, color) = item.Outcome.Kind switch
        {
            OutcomeKind.Live => ("✓", Color.Green),
            OutcomeKind.Failed => ("✗", Color.Red),
            _ => (Spinner[_frame % Spinner.Length], Color.Yellow),
        };
        var (name, phase, elapsed) = layout.Of(item);
        var dim = new Palette(decoration: Decoration.Dim);
        var log = LogOf(item);
        var line = Line().Append(mark + " ", new Palette(color)).Append(name + " ", new Palette(decoration: Decoration.Bold))
            .Append(phase, new Palette(color)).Append(elapsed);
        yield return log.Length > 0 && layout.Log > 0 ? line.Append(" " + TerminalText.Line(log, layout.Log), dim) : line;
        if (log.Length > 0 && layout.Log == 0)
            yield return Line().Append(new string(' ', ProgressLayout.Indent) + TerminalText.Line(log, Math.Max(1, width - 1 - ProgressLayout.Indent)), dim);
    }

    /// <summary>A short build needs no log: it would only flicker.</summary>
    private static string LogOf(TrackedResource item) =>
        item.Outcome.Kind == OutcomeKind.Waiting && item.Elapsed > Long ? TerminalText.Line(item.Status?.Progress?.LastLogLine ?? "").Trim() : "";

    /// <summary>A character may be wider than one column, so what does not fit is cut again where it is drawn.</summary>
    private static Paragraph Line() => new() { Overflow = Overflow.Ellipsis };
}
