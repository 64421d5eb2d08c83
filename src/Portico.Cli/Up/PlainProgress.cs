using System.Globalization;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>Shows progress in logs and pipes: one line per change.</summary>
internal sealed class PlainProgress(TextWriter output) : IProgressView
{
    private readonly Dictionary<string, string> _shown = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<TrackedResource>> ShowAsync(
        Func<Action<IReadOnlyList<TrackedResource>>, Task<IReadOnlyList<TrackedResource>>> watch) => watch(Show);

    private void Show(IReadOnlyList<TrackedResource> resources)
    {
        foreach (var item in resources)
            Show(item);
    }

    private void Show(TrackedResource item)
    {
        var isNew = !_shown.TryGetValue(item.Name, out var last);
        if (last == item.Phase)
            return;
        _shown[item.Name] = item.Phase;
        // The status from before this run is not a change.
        if (isNew && item.Outcome.Kind == OutcomeKind.Live)
            return;
        var elapsed = item.Outcome.Kind == OutcomeKind.Waiting ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({item.Elapsed.TotalSeconds:0.0} s)");
        output.WriteLine($"{item.Name}: {TerminalText.Line(item.Phase)}{elapsed}");
    }
}
