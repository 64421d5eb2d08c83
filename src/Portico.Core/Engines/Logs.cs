namespace Portico.Core.Engines;

/// <summary>Whose output to read: a run's, an instance's, or that of all instances an owner ever had.</summary>
public sealed record LogQuery
{
    public string? Owner { get; init; }

    public InstanceId? Instance { get; init; }

    public RunId? Run { get; init; }

    /// <summary>Only the newest lines; null for all that is kept.</summary>
    public int? Tail { get; init; }

    /// <summary>Go on as lines appear, across restarts and new instances of the owner, until cancelled; a run's log ends with the run.</summary>
    public bool Follow { get; init; }
}

/// <param name="Source">The instance or run that wrote it.</param>
public sealed record LogLine(string Source, string Text);

/// <summary>One log that only grows: all that one instance, or one run, ever wrote.</summary>
public sealed record LogSource
{
    /// <summary>Chosen by the engine, and never given to another log: whoever keeps positions keeps them by it.</summary>
    public required string Id { get; init; }

    /// <summary>The service or data store that it belongs to.</summary>
    public required string Owner { get; init; }

    /// <summary>The instance or run that writes it.</summary>
    public required string Writer { get; init; }

    /// <summary>Nothing is appended any more.</summary>
    public required bool Ended { get; init; }
}

/// <summary>Some lines in a row of one log.</summary>
/// <param name="Next">Where the next piece begins. With the position that was asked for, when there is nothing to read yet.</param>
/// <param name="WrittenAt">The lines were written at this time or shortly before.</param>
public sealed record LogPiece(IReadOnlyList<string> Lines, long Next, DateTimeOffset WrittenAt);
