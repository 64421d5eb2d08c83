namespace Portico.ControlPlane.Logs;

/// <summary>How many lines of each level there are in equal parts of a range.</summary>
internal sealed class LogCounts(LogRange range, int parts)
{
    private readonly int[][] _counts = [.. Enum.GetValues<LogSeverity>().Select(_ => new int[parts])];
    private readonly long _width = Math.Max(1, ((range.Last.Nanoseconds - range.First.Nanoseconds) / parts) + 1);

    /// <summary>Earlier lines were not counted.</summary>
    public LogTime SearchedFrom { get; set; } = range.First;

    public LogRange Range => range;

    public IReadOnlyList<int> Of(LogSeverity level) => _counts[(int)level];

    public void Add(LogTime time, LogSeverity level) =>
        _counts[(int)level][Math.Clamp((time.Nanoseconds - range.First.Nanoseconds) / _width, 0, parts - 1)]++;
}
