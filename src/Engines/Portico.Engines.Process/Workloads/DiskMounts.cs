using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Shows a service its disk at the requested path, by a mount in its own namespace. The rest of the machine sees an empty
/// directory there. This needs root and a kernel that allows mount namespaces.
/// </summary>
internal sealed class DiskMounts(EngineHome home, bool available, DiskImages images)
{
    /// <summary>Where Render puts a service's files. Disks are often mounted below it.</summary>
    private const string RenderSource = "/opt/render/project/src";

    /// <summary>Directories that a workload needs in order to run, or that must show the real machine.</summary>
    private static readonly string[] Reserved =
        ["/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys", "/usr", "/var/run"];

    /// <summary>Why disks cannot be mounted at a chosen path; null if they can.</summary>
    public string? Restriction => available
        ? null
        : "A disk can be mounted only if Portico runs as root and the kernel allows mount namespaces.";

    /// <summary>Why the size of a disk is not enforced; null if it is.</summary>
    public string? SizeRestriction => images.Restriction;

    /// <inheritdoc cref="DiskImages.GrowsMounted"/>
    public bool GrowsMounted => images.GrowsMounted;

    /// <inheritdoc cref="DiskImages.GrowAsync"/>
    public Task<string?> GrowAsync(DiskMount disk, CancellationToken cancellationToken) => images.GrowAsync(disk, cancellationToken);

    public static async Task<DiskMounts> DetectAsync(EngineHome home, Account account, CancellationToken cancellationToken)
    {
        var available = account.Numbers is not null && (await Tool.RunAsync(
            ["unshare", "--mount", "--propagation", "private", "--", "mount", "--bind", "--", home.Disks, home.Disks], cancellationToken)).Succeeded;
        return new DiskMounts(home, available, await DiskImages.DetectAsync(home, account, available, cancellationToken));
    }

    /// <inheritdoc cref="DiskImages.Of"/>
    public DiskImage? ImageOf(DiskMount disk) => images.Of(disk);

    /// <param name="artifact">The real root directory of the revision's files.</param>
    /// <exception cref="RunFailure">The disk cannot be mounted there.</exception>
    public IReadOnlyList<BindMount> For(Revision revision, string? artifact)
    {
        if (revision.Disk is not { MountPath: { } path } disk)
            return [];
        if (!available)
            throw new RunFailure(Restriction!);
        var target = Path.GetFullPath(path).TrimEnd('/');
        if (!Path.IsPathRooted(path) || target.Length == 0 || Reserved.Any(reserved => ContainedPath.IsInside(reserved, target))
            || ContainedPath.IsInside(target, home.Root) || ContainedPath.IsInside(home.Root, target))
            throw new RunFailure($"A disk cannot be mounted at '{path}'. Choose a path like /var/data.");
        if (artifact is null || target == RenderSource || !ContainedPath.IsInside(RenderSource, target))
            return [new BindMount(home.Disk(disk.Id), MountPoints.Make(home, target))];
        MountTarget.RequirePlain(artifact, Path.GetRelativePath(RenderSource, target), target);
        return [new BindMount(artifact, MountPoints.Make(home, RenderSource)), new BindMount(home.Disk(disk.Id), target)];
    }

    /// <summary>Whether the engine can show a workload files below <see cref="SecretFiles.MountPath"/>.</summary>
    public bool CanShowSecrets => available;

    public BindMount ForSecrets(string directory) => new(directory, MountPoints.Make(home, SecretFiles.MountPath));

    /// <summary>Returns the path at which the workload sees a directory of the artifact.</summary>
    public static string Seen(string directory, string? artifact, IReadOnlyList<BindMount> mounts) =>
        artifact is not null && mounts.Any(mount => mount.Target == RenderSource)
            ? Path.GetFullPath(Path.Combine(RenderSource, Path.GetRelativePath(artifact, directory)))
            : directory;
}
