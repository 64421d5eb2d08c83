using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Workloads;
using Portico.Hosting;

namespace Portico.Engines.Process;

/// <summary>Lists what the engine keeps, and deletes what is no longer needed.</summary>
internal sealed class Sweep(EngineHome home, WorkloadTools tools, Artifacts artifacts, Fleet fleet, RunStore runs, BuildCache cache, LogStore logs,
    ToolchainStore toolchains)
{
    private static readonly TimeSpan ToolchainsKept = TimeSpan.FromDays(7);

    /// <summary>Toolchains that are newer than this are kept: a build in preparation may use one and not have recorded it yet.</summary>
    private static readonly TimeSpan JustFetched = TimeSpan.FromHours(1);

    public EngineInventory List()
    {
        var revisions = fleet.Revisions();
        var owners = revisions.Select(revision => revision.Revision.Owner)
            .Concat(fleet.Instances().Select(instance => instance.Owner))
            .Concat(runs.All.Select(run => run.Owner))
            .Concat(new[] { home.Logs, home.Homes, home.RunHomes, home.Caches, home.Downloads }.SelectMany(DirectoryEntries.Directories).Select(path => FileName.ToId(Path.GetFileName(path))))
            .Concat(Disks().Values).Concat(tools.Identities.Owners());
        return new EngineInventory(
            [.. revisions.Select(revision => revision.Revision.Id)], [.. runs.All.Select(run => run.Id)], [.. owners.Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>Deletes a run. It stays, and is still listed, while a revision needs its artifact.</summary>
    public async Task DeleteRunAsync(RunId id, CancellationToken cancellationToken)
    {
        var artifact = new ArtifactId(id.Value);
        if (runs.All.FirstOrDefault(run => run.Id == id) is not { HasEnded: true } run
            || fleet.Revisions().Any(revision => revision.Revision.Artifact == artifact))
            return;
        runs.Delete(id);
        toolchains.Prune(home.Now - ToolchainsKept);
        if (!cache.IsCache(run.Owner, artifact))
            await artifacts.DeleteAsync(artifact, cancellationToken);
    }

    /// <returns>False while a revision uses the disk, even if that revision is stopping.</returns>
    public async Task<bool> DeleteDiskAsync(string disk, CancellationToken cancellationToken)
    {
        if (fleet.Revisions().Any(revision => revision.Revision.Disk?.Id == disk))
            return false;
        await RemoveDiskAsync(disk, cancellationToken);
        return true;
    }

    /// <summary>Deletes old toolchains, and the downloads of owners that have no build in progress.</summary>
    public async Task FreeDiskAsync(CancellationToken cancellationToken)
    {
        toolchains.Prune(home.Now - JustFetched);
        var building = runs.All.Where(run => !run.HasEnded).Select(run => run.Owner).ToHashSet();
        foreach (var owner in DirectoryEntries.Directories(home.Homes).Select(path => FileName.ToId(Path.GetFileName(path))).Where(owner => !building.Contains(owner)))
            await cache.DeleteDownloadsAsync(owner, cancellationToken);
    }

    /// <summary>Stops all workloads of an owner, and then deletes their files.</summary>
    public async Task DeleteOwnerAsync(string owner, CancellationToken cancellationToken)
    {
        await fleet.RemoveOwnerAsync(owner, cancellationToken);
        foreach (var run in runs.All.Where(run => run.Owner == owner))
        {
            await runs.CancelAsync(run.Id, cancellationToken);
            runs.Delete(run.Id);
            await artifacts.DeleteAsync(new ArtifactId(run.Id.Value), cancellationToken);
        }
        if (cache.Current(owner) is { } cached)
            await artifacts.DeleteAsync(cached, cancellationToken);
        foreach (var disk in Disks().Where(disk => disk.Value == owner).Select(disk => disk.Key))
            await RemoveDiskAsync(disk, cancellationToken);
        await DeleteTree.RunAsync(home.BuildHome(owner), tools, cancellationToken);
        await DeleteTree.RunAsync(home.RunHome(owner), tools, cancellationToken);
        await PackageDownloads.DeleteAllAsync(home, owner, tools, cancellationToken);
        if (Directory.Exists(home.OwnerCache(owner)))
            Directory.Delete(home.OwnerCache(owner), recursive: true);
        logs.Delete(owner);
        tools.Identities.Forget(owner);
    }

    /// <summary>Deletes a disk, and last the record of its owner, by which the disk is found again after a crash.</summary>
    private async Task RemoveDiskAsync(string disk, CancellationToken cancellationToken)
    {
        await DeleteTree.RunAsync(home.Disk(disk), tools, cancellationToken);
        DiskImages.Delete(home, disk);
        File.Delete(home.DiskOwner(disk));
    }

    /// <summary>
    /// Deletes artifacts without a build, and what ended starts wrote: an earlier engine deleted the record and died before it deleted
    /// the files.
    /// </summary>
    public async Task DeleteOrphansAsync(CancellationToken cancellationToken)
    {
        // Listed first: a start that begins after this is not among them.
        var scratches = DirectoryEntries.Directories(home.Scratch);
        var used = runs.All.Select(run => new ArtifactId(run.Id.Value))
            .Concat(fleet.Revisions().Select(revision => revision.Revision.Artifact).OfType<ArtifactId>())
            .Concat(DirectoryEntries.Directories(home.Caches).Select(path => cache.Current(FileName.ToId(Path.GetFileName(path)))).OfType<ArtifactId>())
            .Select(artifact => FileName.Of(artifact.Value))
            .ToHashSet();
        var kept = new[] { home.Artifacts, home.GlobalPrograms }.SelectMany(DirectoryEntries.Directories);
        foreach (var orphan in kept.Where(directory => !used.Contains(Path.GetFileName(directory))))
            await DeleteTree.RunAsync(orphan, tools, cancellationToken);
        var written = fleet.Instances().Select(instance => instance.Workload).Concat(runs.All.Where(run => !run.HasEnded).Select(run => run.Workload))
            .Select(workload => workload?.Scratch).ToHashSet();
        foreach (var orphan in scratches.Where(directory => !written.Contains(Path.GetFileName(directory))))
            await ScratchDirectory.DeleteAsync(orphan, tools, cancellationToken);
    }

    /// <summary>Returns all disks with their owners.</summary>
    private Dictionary<string, string> Disks() => DirectoryEntries.Files(home.DiskOwners, "*.json")
        .Select(file => (Disk: FileName.ToId(Path.GetFileNameWithoutExtension(file)), Owner: JsonFile.Read<string>(file)))
        .Where(disk => disk.Owner is not null)
        .ToDictionary(disk => disk.Disk, disk => disk.Owner!);
}
