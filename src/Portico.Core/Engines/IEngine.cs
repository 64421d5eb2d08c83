namespace Portico.Core.Engines;

/// <summary>
/// Runs builds, jobs and revisions. It works at the level of revisions, so that processes, containers and a cluster can implement it.
/// </summary>
/// <remarks>
/// Every call can be repeated: the caller chooses the ids, so the second call has no effect. The engine keeps workloads running and
/// adopts them after its own process died. After such a restart, the caller must request the revisions that should run again.
/// A call throws only if it is canceled or cannot be carried out. A failure of a workload is part of its state.
/// </remarks>
public interface IEngine : IAsyncDisposable
{
    EngineCapabilities Capabilities { get; }

    /// <summary>Adopts the workloads that are still running. Call it once, before anything else.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Sets the content of every network. Cheap when nothing changed. Networks that are left out no longer exist.</summary>
    /// <remarks>
    /// It does nothing without a private network (<see cref="EngineCapabilities.PrivateNetwork"/>). A workload whose network is not
    /// known yet starts, and resolves no names of its network until it is.
    /// </remarks>
    Task SetNetworksAsync(IReadOnlyList<NetworkContent> all, CancellationToken cancellationToken);

    Task StartBuildAsync(BuildRequest request, CancellationToken cancellationToken);

    Task StartJobAsync(JobRequest request, CancellationToken cancellationToken);

    /// <summary>Returns the state of a build or job.</summary>
    Task<RunState> GetRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Runs a command in the sandbox of a running instance, or of a job that is held, connected to the caller.</summary>
    /// <exception cref="AttachException">There is no such instance or job, it does not run, or this machine cannot do it.</exception>
    Task<IAttachedCommand> AttachAsync(AttachRequest request, CancellationToken cancellationToken);

    /// <summary>Ends a build or job with all its processes. It does nothing if the run does not exist or has ended.</summary>
    Task CancelRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Keeps this many instances of the revision running from now on. Returns before they are ready.</summary>
    /// <remarks>A surplus instance that receives requests (<see cref="PortBinding.Assigned"/>) drains before it is stopped. Another revision with the same <see cref="DiskMount.Id"/> is stopped before the new one starts.</remarks>
    Task EnsureAsync(Revision revision, int instances, CancellationToken cancellationToken);

    /// <summary>Stops the revision's instances: with SIGTERM, and with SIGKILL after its grace period. Returns immediately.</summary>
    Task RetireAsync(RevisionId id, CancellationToken cancellationToken);

    /// <summary>Stops an instance that is <see cref="InstanceStatus.Draining"/>. Call it when the instance has no request in progress.</summary>
    /// <remarks>It does nothing to other instances. An instance that is never released is stopped one minute plus its <see cref="Revision.StopGrace"/> after it began to drain.</remarks>
    Task ReleaseAsync(InstanceId id, CancellationToken cancellationToken);

    /// <summary>Replaces every instance of the revision. Each new one is ready before the old one drains and stops. Returns immediately.</summary>
    /// <param name="token">Chosen by the caller. Another call with the same token has no effect.</param>
    Task RestartAsync(RevisionId id, string token, CancellationToken cancellationToken);

    /// <summary>Returns all instances as they are now.</summary>
    EngineSnapshot Observe();

    /// <summary>Returns the current snapshot, and then the newest one after each change. Snapshots in between may be skipped.</summary>
    IAsyncEnumerable<EngineSnapshot> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Measures what each running instance uses, and leaves out those that end in the meantime.</summary>
    Task<IReadOnlyList<InstanceUsage>> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Measures how much of a disk is used.</summary>
    /// <param name="disk">A <see cref="DiskMount.Id"/>.</param>
    /// <returns>Bytes; null if the disk does not exist yet.</returns>
    Task<long?> MeasureDiskAsync(string disk, CancellationToken cancellationToken);

    /// <summary>Deletes a disk with all its data. Calling it again is harmless.</summary>
    /// <param name="disk">A <see cref="DiskMount.Id"/>.</param>
    /// <returns>False if a revision still uses the disk, so that nothing was deleted.</returns>
    Task<bool> DeleteDiskAsync(string disk, CancellationToken cancellationToken);

    /// <summary>Copies the files of a directory of an artifact to a new directory on this machine. Pipes, sockets and devices are left out.</summary>
    /// <returns>Symbolic links that were left out because they lead to nothing that a build sees, each as <c>/path (to target)</c>.</returns>
    /// <exception cref="ArtifactException">The path does not exist, is not a directory, or leaves the artifact, or symbolic links in it do, or there are too many or too deep files.</exception>
    Task<IReadOnlyList<string>> ExportAsync(ArtifactId artifact, string path, string destination, CancellationToken cancellationToken);

    /// <summary>Reads logs, oldest first.</summary>
    IAsyncEnumerable<LogLine> ReadLogsAsync(LogQuery query, CancellationToken cancellationToken);

    /// <summary>Lists all logs without their content. It is called every second, so it must be cheap.</summary>
    IReadOnlyList<LogSource> ListLogs();

    /// <summary>Reads whole lines of one log from a position, for a reader that remembers its position.</summary>
    /// <remarks>The same position returns the same lines again, and possibly more. A log that has been deleted returns none.</remarks>
    /// <param name="position">0, or the end of an earlier piece of this log.</param>
    Task<LogPiece> ReadLogAsync(LogSource source, long position, CancellationToken cancellationToken);

    /// <summary>Lists all ids that the engine knows, so that the caller can delete those that it no longer needs.</summary>
    Task<EngineInventory> ListAsync(CancellationToken cancellationToken);

    /// <summary>Deletes a finished build or job with its record, log and artifact.</summary>
    Task DeleteRunAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Deletes unused data that can be fetched again: downloads of package managers, and fetched toolchains.</summary>
    Task FreeDiskAsync(CancellationToken cancellationToken);

    /// <summary>Deletes everything of an owner: instances, runs, artifacts, logs, caches and its disk.</summary>
    Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken);
}

/// <param name="Owners">Every owner that the engine has any data of.</param>
public sealed record EngineInventory(
    IReadOnlyList<RevisionId> Revisions, IReadOnlyList<RunId> Runs, IReadOnlyList<string> Owners);

public sealed class ArtifactException : Exception
{
    public ArtifactException() { }

    public ArtifactException(string message) : base(message) { }

    public ArtifactException(string message, Exception innerException) : base(message, innerException) { }
}
