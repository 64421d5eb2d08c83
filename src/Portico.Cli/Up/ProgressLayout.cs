using System.Globalization;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>The columns of the progress display, chosen so that each row fits into the terminal. Pure.</summary>
/// <param name="Log">The width of the last log line; 0 when it gets a line of its own.</param>
internal readonly record struct ProgressLayout(int Name, int Phase, int Log)
{
    public const int Time = 8, Gap = 1, Indent = 4;

    private const int Mark = 1, LeastName = 8, LeastPhase = 10, LeastLog = 24, WidestPhase = 40;

    /// <param name="width">The columns of the terminal.</param>
    public static ProgressLayout For(IReadOnlyList<TrackedResource> resources, int width)
    {
        // The last column stays empty: some terminals wrap when it is written.
        var room = Math.Max(LeastName + LeastPhase, width - 1 - Mark - Time - (3 * Gap));
        var name = Math.Min(resources.Select(item => item.Name.Length).DefaultIfEmpty(0).Max(), Math.Max(LeastName, room / 2));
        var phase = Math.Min(
            resources.Select(item => TerminalText.Line(item.Phase, WidestPhase).Length).DefaultIfEmpty(0).Max(), Math.Max(LeastPhase, room - name));
        var log = room - name - phase - Gap;
        return new ProgressLayout(name, phase, log < LeastLog ? 0 : log);
    }

    /// <summary>The name, the phase and the time of a resource, each as wide as its column.</summary>
    public (string Name, string Phase, string Elapsed) Of(TrackedResource item) => (
        TerminalText.Line(item.Name, Name).PadRight(Name),
        TerminalText.Line(item.Phase, Phase).PadRight(Phase),
        string.Create(CultureInfo.InvariantCulture, $"{item.Elapsed.TotalSeconds:0.0} s").PadLeft(Time));
}
