using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>What should be: one revision and how many of it.</summary>
public sealed record SupervisedRevision
{
    public required RevisionId Id { get; init; }

    public required int Instances { get; init; }

    /// <summary>Asked for since the engine started. What is left from before is watched, but nothing is started for it.</summary>
    public required bool Confirmed { get; init; }

    public required bool Retired { get; init; }

    /// <summary>Two at a time would fight over a port or a disk: the predecessor is gone before the successor starts.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>Requests are led to its instances: one that is too many is taken out of the routes before it is told to stop.</summary>
    public required bool Drains { get; init; }

    /// <summary>The disk that its instances hold.</summary>
    public string? Disk { get; init; }

    /// <summary>Instances made under another token are to be replaced.</summary>
    public string? RestartToken { get; init; }

    public required TimeSpan StopGrace { get; init; }
}
