using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Workloads;

/// <summary>Shows a service its disk at the requested path, which needs a sandbox.</summary>
/// <param name="restriction">Why there is no sandbox; null if there is one.</param>
internal sealed class DiskMounts(EngineHome home, string? restriction, DiskImages images)
{
    /// <summary>Directories that a workload needs in order to run.</summary>
    private static readonly string[] Reserved =
        ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/opt/portico", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"];

    /// <summary>Why disks cannot be mounted at a chosen path; null if they can.</summary>
    public string? Restriction => restriction is null ? null : $"A disk can be mounted only in a sandbox: {restriction}";

    /// <summary>Why the size of a disk is not enforced; null if it is.</summary>
    public string? SizeRestriction => images.Restriction;

    /// <inheritdoc cref="DiskImages.GrowsMounted"/>
    public bool GrowsMounted => images.GrowsMounted;

    /// <inheritdoc cref="DiskImages.GrowAsync"/>
    public Task<string?> GrowAsync(DiskMount disk, CancellationToken cancellationToken) => images.GrowAsync(disk, cancellationToken);

    public static async Task<DiskMounts> DetectAsync(EngineHome home, Account account, string? restriction, CancellationToken cancellationToken)
    {
        var mounts = account.Numbers is not null && (await Tool.RunAsync(
            ["unshare", "--mount", "--propagation", "private", "--", "mount", "--bind", "--", home.Disks, home.Disks], cancellationToken)).Succeeded;
        return new DiskMounts(home, restriction, await DiskImages.DetectAsync(home, account, mounts, cancellationToken));
    }

    /// <inheritdoc cref="DiskImages.Of"/>
    public DiskImage? ImageOf(DiskMount disk) => images.Of(disk);

    /// <exception cref="RunFailure">The disk cannot be mounted there.</exception>
    public void Show(WorkloadView view, Revision revision)
    {
        if (revision.Disk is not { } disk)
            return;
        if (disk.MountPath is not { } path)
        {
            view.Show(home.Disk(disk.Id), SandboxPaths.Disk, writable: true);
            return;
        }
        if (!view.IsSandboxed)
            throw new RunFailure(Restriction ?? "A disk can be mounted only in a sandbox.");
        var target = Path.GetFullPath(path).TrimEnd('/');
        if (!Path.IsPathRooted(path) || target.Length == 0 || Reserved.Any(reserved => ContainedPath.IsInside(reserved, target))
            || ContainedPath.IsInside(target, SandboxPaths.Source) || ContainedPath.IsInside(target, SandboxPaths.Toolchains))
            throw new RunFailure($"A disk cannot be mounted at '{path}'. Choose a path like /var/data.");
        if (revision.Artifact is { } artifact && ContainedPath.IsInside(SandboxPaths.Source, target))
            MountTarget.RequirePlain(home.Artifact(artifact), Path.GetRelativePath(SandboxPaths.Source, target), target);
        view.Show(home.Disk(disk.Id), target, writable: true);
    }
}
