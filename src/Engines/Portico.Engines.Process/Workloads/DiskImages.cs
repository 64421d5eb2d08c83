using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Usage;

namespace Portico.Engines.Process.Workloads;

/// <summary>
/// Manages disks with a size. Each is a file system in a sparse file, which <c>launch.sh</c> creates, enlarges and mounts in the
/// workload's own namespace. There is no mount to clean up: the kernel removes it with the workload's last process.
/// </summary>
internal sealed class DiskImages(EngineHome home, string? restriction, bool growsMounted = false)
{
    private const long ProbeBytes = 4 << 20;

    /// <summary>The exit status of the probe if a disk can be mounted, but cannot grow while it is mounted.</summary>
    private const int GrowsUnmountedOnly = 3;

    /// <summary>About the largest file that ext4 allows.</summary>
    private const long MostBytes = (16L << 40) - (1 << 20);

    /// <summary>Identifies this boot and this container: after a change of either, the kernel or the engine's rights may differ.</summary>
    private static string Here => $"{ProcessIdentity.CurrentBoot} {new FileInfo("/proc/self/ns/mnt").LinkTarget}";

    /// <summary>Why the size of a disk is not enforced; null if it is.</summary>
    public string? Restriction => restriction;

    /// <summary>Whether the kernel lets a disk grow while a workload uses it.</summary>
    public bool GrowsMounted => growsMounted;

    /// <param name="mounts">Whether a workload can have its own mounts.</param>
    public static async Task<DiskImages> DetectAsync(EngineHome home, Account account, bool mounts, CancellationToken cancellationToken)
    {
        if (!mounts)
            return new DiskImages(home, "The size of a disk is enforced only if Portico runs as root and the kernel allows mount namespaces.");
        if (JsonFile.Read<ProbeResult>(Proof(home)) is { } known && known.Where == Here)
            return new DiskImages(home, restriction: null, known.GrowsMounted);
        var probed = await ProbeAsync(home, account, cancellationToken);
        if (!probed.Succeeded && probed.ExitCode != GrowsUnmountedOnly)
            return new DiskImages(home, $"The size of a disk is not enforced, because this machine cannot mount a file: {ProblemOf(probed)}");
        JsonFile.WriteUnflushed(Proof(home), new ProbeResult(Here, probed.Succeeded));
        return new DiskImages(home, restriction: null, probed.Succeeded);
    }

    /// <summary>Enlarges a disk that a running workload has mounted.</summary>
    /// <returns>Why it failed, in which case the disk grows when it is mounted again; null if it has its new size or is a directory.</returns>
    public async Task<string?> GrowAsync(DiskMount disk, CancellationToken cancellationToken)
    {
        if (restriction is not null || disk.SizeBytes is null || !File.Exists(home.DiskImage(disk.Id)))
            return null;
        var grown = await RunAsync(home, "grow", Of(disk)!.Settings, cancellationToken);
        return grown.Succeeded ? null : ProblemOf(grown);
    }

    /// <summary>Returns the file of a disk. A directory that contains data stays a directory; only an empty one becomes a file.</summary>
    /// <returns>Null if the disk is a directory.</returns>
    /// <exception cref="RunFailure">The disk is a file, and this machine cannot mount it.</exception>
    public DiskImage? Of(DiskMount disk)
    {
        long? bytes = disk.SizeBytes is { } size ? Math.Min(size, MostBytes) : null;
        var image = new DiskImage(home.DiskImage(disk.Id), home.Disk(disk.Id), bytes);
        if (File.Exists(image.File))
            return restriction is null ? image : throw new RunFailure($"The disk is the file {image.File}, which cannot be mounted. {restriction}");
        return restriction is null && bytes is not null && !Directory.EnumerateFileSystemEntries(image.Directory).Any() ? image : null;
    }

    /// <param name="process">A process that sees the mounted disk; null if none runs.</param>
    /// <returns>Null if the disk is not a file.</returns>
    public static long? Measure(EngineHome home, string disk, int? process)
    {
        if (Libc.FileUsage(home.DiskImage(disk)) is not { } image)
            return null;
        var seen = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/root{home.Disk(disk)}");
        return process is not null && Libc.FileUsage(seen) is { } mounted && mounted.Device != image.Device
            ? DiskUsage.OfFilesystem(seen) ?? image.Bytes
            : image.Bytes;
    }

    public static void Delete(EngineHome home, string disk)
    {
        File.Delete(home.DiskImage(disk) + ".new");
        File.Delete(home.DiskImage(disk));
    }

    /// <summary>
    /// Tries to mount a file and to enlarge it: only that shows whether it works. It runs once after each boot because it takes a
    /// moment.
    /// </summary>
    private static async Task<ToolResult> ProbeAsync(EngineHome home, Account account, CancellationToken cancellationToken)
    {
        var image = new DiskImage(Path.Combine(home.DiskImages, ".probe"), home.Disks, ProbeBytes);
        File.Delete(image.File);
        var settings = image.Settings;
        settings["__portico_user"] = string.Create(CultureInfo.InvariantCulture, $"{account.Numbers?.User}");
        settings["__portico_group"] = string.Create(CultureInfo.InvariantCulture, $"{account.Numbers?.Group}");
        var probed = await RunAsync(home, "probe", settings, cancellationToken);
        File.Delete(image.File);
        return probed;
    }

    private static Task<ToolResult> RunAsync(EngineHome home, string stage, Dictionary<string, string> settings, CancellationToken cancellationToken) =>
        Tool.RunAsync(
            ["unshare", "--mount", "--propagation", "private", "--", Launcher.Shell, home.Script, stage], "/", settings, cancellationToken);

    private static string ProblemOf(ToolResult result) =>
        $"{result.Output.Replace("==> ", "", StringComparison.Ordinal)} {result.Error}".ReplaceLineEndings(" ").Trim();

    private static string Proof(EngineHome home) => Path.Combine(home.DiskImages, ".probed.json");

    private sealed record ProbeResult(string Where, bool GrowsMounted);
}
