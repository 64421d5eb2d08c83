using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <summary>The desired state of one revision.</summary>
public sealed record SupervisedRevision
{
    public required RevisionId Id { get; init; }

    public required int Instances { get; init; }

    /// <summary>Whether it has been requested since the engine started. Until then its instances are watched, but none is started.</summary>
    public required bool Confirmed { get; init; }

    public required bool Retired { get; init; }

    /// <summary>Whether two instances would conflict over a port or a disk, so that the old one must end before the new one starts.</summary>
    public required bool Exclusive { get; init; }

    /// <summary>Whether its instances receive requests, so that a surplus instance drains before it is stopped.</summary>
    public required bool Drains { get; init; }

    /// <summary>The disk that its instances use; null if they use none.</summary>
    public string? Disk { get; init; }

    /// <summary>The current restart token. Instances that were created with another one are replaced.</summary>
    public string? RestartToken { get; init; }

    public required TimeSpan StopGrace { get; init; }
}
