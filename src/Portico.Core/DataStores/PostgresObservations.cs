namespace Portico.Core.DataStores;

/// <summary>A connection to a database, and what it is doing.</summary>
/// <param name="Duration">Of the query under way; null when there is none.</param>
/// <param name="IsLeader">False for a parallel worker of another one.</param>
public sealed record PostgresSession(
    int Pid, string? Database, string? User, string? Application, string? ClientAddress, DateTimeOffset? Since, DateTimeOffset? QueryStart,
    string? State, string? WaitEvent, string? WaitEventType, string? Query, TimeSpan? Duration, bool IsLeader);

/// <param name="Index">Null for the table itself, with what does not fit into its rows.</param>
public sealed record PostgresRelationSize(string Schema, string Table, string? Index, long Bytes);

/// <param name="Scans">How often it was read from end to end, since the statistics began.</param>
public sealed record PostgresTableScans(string Schema, string Table, long Scans);

/// <summary>All runs of one statement, whatever its parameters were.</summary>
public sealed record PostgresStatement
{
    public required string Id { get; init; }

    public required string Text { get; init; }

    public required long Calls { get; init; }

    public required long Rows { get; init; }

    /// <summary>In milliseconds, as are the other times.</summary>
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
