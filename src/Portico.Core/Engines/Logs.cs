namespace Portico.Core.Engines;

/// <summary>Which output to read: that of a run, of an instance, or of all instances that an owner has had.</summary>
public sealed record LogQuery
{
    public string? Owner { get; init; }

    public InstanceId? Instance { get; init; }

    public RunId? Run { get; init; }

    /// <summary>The number of newest lines to read; null for all lines.</summary>
    public int? Tail { get; init; }

    /// <summary>Whether to follow new lines, across restarts and new instances of the owner, until canceled. A run's log ends with the run.</summary>
    public bool Follow { get; init; }
}

/// <param name="Source">The instance or run that wrote it.</param>
public sealed record LogLine(string Source, string Text);

/// <summary>The complete output of one instance or one run. It only grows.</summary>
public sealed record LogSource
{
    /// <summary>The id of the log, by which a reader can store its position. The engine never uses it for another log.</summary>
    public required string Id { get; init; }

    /// <summary>The service or data store that it belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The instance or run that writes it.</summary>
    public required string Writer { get; init; }

    /// <summary>Whether the log is complete.</summary>
    public required bool Ended { get; init; }
}

/// <summary>Consecutive lines of one log.</summary>
/// <param name="Next">Where the next piece begins. It is the requested position if there is nothing to read yet.</param>
/// <param name="WrittenAt">The lines were written at this time or shortly before.</param>
/// <param name="HasMore">Whether more lines followed when the piece was read.</param>
public sealed record LogPiece(IReadOnlyList<string> Lines, long Next, DateTimeOffset WrittenAt, bool HasMore = false);
