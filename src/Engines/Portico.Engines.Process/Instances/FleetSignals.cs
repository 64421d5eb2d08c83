namespace Portico.Engines.Process.Instances;

/// <summary>How the fleet hears and tells: what wakes its loop, where it publishes snapshots, and its clock, which cannot be set.</summary>
internal sealed record FleetSignals(WakeSignal Wake, SnapshotStream Snapshots, MonotonicTime Time);
