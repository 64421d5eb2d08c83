namespace Portico.Core.DataStores;

/// <summary>A connection to a database and its activity.</summary>
/// <param name="Duration">How long the current query has been running; null when there is none.</param>
/// <param name="IsLeader">False for a parallel worker of another connection.</param>
public sealed record PostgresSession(
    int Pid, string? Database, string? User, string? Application, string? ClientAddress, DateTimeOffset? Since, DateTimeOffset? QueryStart,
    string? State, string? WaitEvent, string? WaitEventType, string? Query, TimeSpan? Duration, bool IsLeader);

/// <param name="Index">The index; null for the table itself with its TOAST data.</param>
public sealed record PostgresRelationSize(string Schema, string Table, string? Index, long Bytes);

/// <param name="Scans">The number of sequential scans since the statistics began.</param>
public sealed record PostgresTableScans(string Schema, string Table, long Scans);

/// <summary>All runs of one statement, with any parameters.</summary>
public sealed record PostgresStatement
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public required long Calls { get; init; }

    public required long Rows { get; init; }

    /// <summary>In milliseconds, like the other times.</summary>
    public required double TotalTime { get; init; }

    public required double LeastTime { get; init; }

    public required double MostTime { get; init; }

    public required double MeanTime { get; init; }

    public required double TimeDeviation { get; init; }

    public required PostgresBlocks Shared { get; init; }

    public required PostgresBlocks Local { get; init; }

    public required long TemporaryRead { get; init; }

    public required long TemporaryWritten { get; init; }
}

public readonly record struct PostgresBlocks(long Hit, long Read, long Dirtied, long Written);
