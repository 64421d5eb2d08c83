namespace Portico.Core.Engines;

/// <summary>
/// Where things run. Works at the level of revisions, so that a process table, a container engine and a cluster can each be one.
/// </summary>
/// <remarks>
/// Every call may be repeated: caller-chosen ids make the second one a no-op. The engine keeps what runs alive and finds it
/// again after its own process died; which revisions *should* run is the caller's to say, again, after a restart.
/// Only cancellation and broken promises throw; what a workload does wrong is state.
/// </remarks>
public interface IEngine : IAsyncDisposable
{
    EngineCapabilities Capabilities { get; }

    /// <summary>Finds what still runs from before. Called once, before anything else.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    Task StartBuildAsync(BuildRequest request, CancellationToken cancellationToken);

    Task StartJobAsync(JobRequest request, CancellationToken cancellationToken);

    /// <summary>The state of a build or job.</summary>
    Task<RunState> GetRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Ends a build or job, with every process that it started. One that is absent or over is left as it is.</summary>
    Task CancelRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>From now on this many instances of the revision are kept running. Returns before they are ready.</summary>
    /// <remarks>An instance too many that takes requests (<see cref="PortBinding.Assigned"/>) drains before it is stopped. Another revision with the same <see cref="DiskMount.Id"/> is stopped before the new one starts.</remarks>
    Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken);

    /// <summary>Stops the revision's instances: SIGTERM, its grace, SIGKILL for whatever is left. Returns at once.</summary>
    Task RetireAsync(RevisionId id, CancellationToken cancellationToken);

    /// <summary>Stops an instance that is <see cref="InstanceStatus.Draining"/>: no request is under way on it any more.</summary>
    /// <remarks>Any other is left as it is. One that nobody releases is stopped a minute and its <see cref="Revision.StopGrace"/> after it began to drain.</remarks>
    Task ReleaseAsync(InstanceId id, CancellationToken cancellationToken);

    /// <summary>Replaces every instance of the revision by a new one, each ready before its predecessor drains and stops. Returns at once.</summary>
    /// <param name="token">Caller-chosen: asking again with the same token does nothing more.</param>
    Task RestartAsync(RevisionId id, string token, CancellationToken cancellationToken);

    /// <summary>What runs now.</summary>
    EngineSnapshot Observe();

    /// <summary>The snapshot now, then the newest one after each change; snapshots in between may be skipped.</summary>
    IAsyncEnumerable<EngineSnapshot> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Measures what each running instance uses. One that ends meanwhile is left out.</summary>
    Task<IReadOnlyList<InstanceUsage>> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Adds up what lies on a disk, file by file.</summary>
    /// <param name="disk">A <see cref="DiskMount.Id"/>.</param>
    /// <returns>Bytes; null when there is no such disk yet.</returns>
    Task<long?> MeasureDiskAsync(string disk, CancellationToken cancellationToken);

    /// <summary>Removes a disk with all that is on it. Asking again is harmless.</summary>
    /// <param name="disk">A <see cref="DiskMount.Id"/>.</param>
    /// <returns>False when a revision that is here still has it: nothing was removed.</returns>
    Task<bool> DeleteDiskAsync(string disk, CancellationToken cancellationToken);

    /// <summary>Copies a directory out of an artifact into a new directory here.</summary>
    /// <exception cref="ArtifactException">The path is missing, not a directory, or leaves the artifact.</exception>
    Task ExportAsync(ArtifactId artifact, string path, string destination, CancellationToken cancellationToken);

    /// <summary>Reads logs, oldest first.</summary>
    IAsyncEnumerable<LogLine> ReadLogsAsync(LogQuery query, CancellationToken cancellationToken);

    /// <summary>Every log that is kept, without its content. Cheap: it is asked every second.</summary>
    IReadOnlyList<LogSource> ListLogs();

    /// <summary>Whole lines of one log from a position on, for a reader that keeps its place itself.</summary>
    /// <remarks>The same position gives the same lines again, and perhaps more of them. A log that is gone gives none.</remarks>
    /// <param name="position">0, or where an earlier piece of this log ended.</param>
    Task<LogPiece> ReadLogAsync(LogSource source, long position, CancellationToken cancellationToken);

    /// <summary>The ids that are known here, so that what nobody claims can be found and swept.</summary>
    Task<EngineInventory> ListAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a finished build or job: its record, its log and its artifact.</summary>
    Task DeleteRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Removes what can be had again and nothing that runs or is kept needs: downloads of package managers, fetched toolchains.</summary>
    Task FreeDiskAsync(CancellationToken cancellationToken);

    /// <summary>Removes everything of an owner: instances, runs, artifacts, logs, caches, and its disk.</summary>
    Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken);
}

/// <param name="Owners">Every owner with anything left here.</param>
public sealed record EngineInventory(
    IReadOnlyList<RevisionId> Revisions, IReadOnlyList<RunId> Runs, IReadOnlyList<string> Owners);

public sealed class ArtifactException : Exception
{
    public ArtifactException() { }

    public ArtifactException(string message) : base(message) { }

    public ArtifactException(string message, Exception innerException) : base(message, innerException) { }
}
