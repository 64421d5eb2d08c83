namespace Portico.ControlPlane.Logs;

public enum LogOrder
{
    NewestFirst,
    OldestFirst,
}

/// <summary>From one moment to another, both included.</summary>
public readonly record struct LogRange(LogTime First, LogTime Last)
{
    /// <summary>What is left of it after a line.</summary>
    public LogRange After(LogTime line, LogOrder order) =>
        order == LogOrder.NewestFirst ? this with { Last = line.Previous } : this with { First = line.Next };
}

/// <param name="HasMore">There are more, or nobody has looked further yet; <paramref name="Rest"/> is where.</param>
public sealed record LogPage(IReadOnlyList<StoredLog> Logs, bool HasMore, LogRange Rest);
