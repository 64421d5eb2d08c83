namespace Portico.ControlPlane.Logs;

internal enum LogOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>A time range. Both ends are inclusive.</summary>
internal readonly record struct LogRange(LogTime First, LogTime Last)
{
    /// <summary>Returns the rest of the range after a line.</summary>
    public LogRange After(LogTime line, LogOrder order) =>
        order == LogOrder.NewestFirst ? this with { Last = line.Previous } : this with { First = line.Next };
}

/// <param name="HasMore">Whether there may be more lines, in <paramref name="Rest"/>.</param>
internal sealed record LogPage(IReadOnlyList<StoredLog> Logs, bool HasMore, LogRange Rest);
