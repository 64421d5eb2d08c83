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
