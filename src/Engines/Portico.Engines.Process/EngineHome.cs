using System.Security.Cryptography;
using System.Text;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process;

/// <summary>The paths in the engine's home. Only the engine can enter its own directories; the workloads' account can enter its files.</summary>
internal sealed class EngineHome(string root, TimeProvider time)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Distinguishes the processes and control groups of two platforms.</summary>
    public string Tag { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(root))))[..10];

    public DateTimeOffset Now => time.GetUtcNow();

    public string Lock => Path.Combine(Root, "lock");

    public string Script => Path.Combine(Root, "launch.sh");

    public string RuntimeCache => Path.Combine(Root, "runtimes.json");

    public string Revisions => Path.Combine(Root, "revisions");

    public string Instances => Path.Combine(Root, "instances");

    /// <summary>A record of the directories on the machine that this platform created as mount points.</summary>
    public string MountPoints => Path.Combine(Root, "mount-points");

    public string Runs => Path.Combine(Root, "runs");

    public string Logs => Path.Combine(Root, "logs");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string GlobalPrograms => Path.Combine(Root, "global");

    public string Homes => Path.Combine(Root, "homes");

    public string Caches => Path.Combine(Root, "caches");

    /// <summary>The downloads of package managers that must not be in a home, by owner.</summary>
    public string Downloads => Path.Combine(Root, "downloads");

    public string Disks => Path.Combine(Root, "disks");

    public string DiskOwners => Path.Combine(Root, "disk-owners");

    public string Files => Path.Combine(Root, "files");

    public string Toolchains => Path.Combine(Root, "toolchains");

    /// <summary>The home of programs of toolchains that are run to find out their version.</summary>
    public string ProbeHome => Path.Combine(Toolchains, ".home");

    public string ToolchainRecords => Path.Combine(Toolchains, ".used");

    public string ToolchainOf(ArtifactId id) => Path.Combine(ToolchainRecords, FileName.Of(id.Value) + ".json");

    public string RevisionFile(RevisionId id) => Path.Combine(Revisions, FileName.Of(id.Value) + ".json");

    public string Instance(InstanceId id) => Path.Combine(Instances, FileName.Of(id.Value));

    public string Run(RunId id) => Path.Combine(Runs, FileName.Of(id.Value));

    public string OwnerLogs(string owner) => Path.Combine(Logs, FileName.Of(owner));

    public string Artifact(ArtifactId id) => Path.Combine(Artifacts, FileName.Of(id.Value));

    /// <summary>The directory for programs and packages that the artifact's build installed globally.</summary>
    public string GlobalProgramsOf(ArtifactId id) => Path.Combine(GlobalPrograms, FileName.Of(id.Value));

    public string OwnerHome(string owner) => Path.Combine(Homes, FileName.Of(owner));

    public string OwnerCache(string owner) => Path.Combine(Caches, FileName.Of(owner));

    public string OwnerDownloads(string owner) => Path.Combine(Downloads, FileName.Of(owner));

    public string Disk(string id) => Path.Combine(Disks, FileName.Of(id));

    /// <summary>Contains disks with a size. Each is a file system in a file.</summary>
    public string DiskImages => Path.Combine(Root, "disk-images");

    public string DiskImage(string id) => Path.Combine(DiskImages, FileName.Of(id));

    public string DiskOwner(string id) => Path.Combine(DiskOwners, FileName.Of(id) + ".json");

    public string RevisionFiles(RevisionId id) => Path.Combine(Files, FileName.Of(id.Value));

    public string RevisionSecrets(RevisionId id) => RevisionFiles(id) + ".secrets";

    public string RunSecrets(RunId id) => Path.Combine(Files, FileName.Of(id.Value) + ".run-secrets");

    public void Create()
    {
        Make(Root, Passable);
        foreach (var directory in (string[])[Revisions, Instances, Runs, Logs, DiskOwners, DiskImages])
            Make(directory, Private);
        foreach (var directory in (string[])[Artifacts, GlobalPrograms, Homes, Caches, Downloads, Disks, Files, Toolchains])
            Make(directory, Passable);
        Make(ToolchainRecords, Private);
        WriteScript();
    }

    /// <summary>Creates a directory that only the engine can enter.</summary>
    public static void MakePrivate(string directory) => Make(directory, Private);

    /// <summary>Creates a directory that every account can enter and list.</summary>
    public static void MakePassable(string directory) => Make(directory, Passable | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

    private static void Make(string directory, UnixFileMode mode)
    {
        Directory.CreateDirectory(directory, mode);
        if (File.GetUnixFileMode(directory) != mode)
            File.SetUnixFileMode(directory, mode);
    }

    /// <summary>
    /// Replaces the script by rename, so that a workload that is starting reads either the old script or the new one, never a part.
    /// Writes it only if it differs, because an engine must also start on a full disk.
    /// </summary>
    private void WriteScript()
    {
        const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        using var resource = typeof(EngineHome).Assembly.GetManifestResourceStream("launch.sh")!;
        var script = new byte[resource.Length];
        resource.ReadExactly(script);
        if (File.Exists(Script) && File.GetUnixFileMode(Script) == Readable && File.ReadAllBytes(Script).AsSpan().SequenceEqual(script))
            return;
        DurableFile.WriteUnflushed(Script, stream =>
        {
            stream.Write(script);
            // The mode must not depend on the umask of the process.
            File.SetUnixFileMode(((FileStream)stream).SafeFileHandle, Readable);
        });
    }
}
