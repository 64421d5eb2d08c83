namespace Portico.Engines.Process.Instances;

/// <summary>What connects the fleet to the rest of the engine: the signal that wakes its loop, the stream of snapshots, and its clock.</summary>
internal sealed record FleetSignals(WakeSignal Wake, SnapshotStream Snapshots, MonotonicTime Time);
