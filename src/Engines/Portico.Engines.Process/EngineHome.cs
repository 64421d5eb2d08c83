using System.Security.Cryptography;
using System.Text;
using Portico.Core.Engines;
using Portico.Engines.Process.Sandboxes;
using Portico.Hosting;

namespace Portico.Engines.Process;

/// <summary>The paths in the engine's home. Only the engine can enter its own directories; the workloads' account can enter its files.</summary>
internal sealed class EngineHome(string root, TimeProvider time)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Passable = Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Root { get; } = Path.GetFullPath(root);

    /// <summary>Distinguishes the processes and control groups of two platforms.</summary>
    public string Tag { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(root))))[..10];

    public DateTimeOffset Now => time.GetUtcNow();

    public string Lock => Path.Combine(Root, "lock");

    public string Script => Path.Combine(Root, "launch.sh");

    /// <summary>The script that runs inside a sandbox.</summary>
    public string EnterScript => Path.Combine(Root, "enter.sh");

    /// <summary>The program that runs a command in the sandbox of a workload.</summary>
    public string AttachScript => Path.Combine(Root, "attach.pl");

    /// <summary>The filter for system calls of workloads.</summary>
    public string SystemCallFilter => Path.Combine(Root, "system-calls.bpf");

    /// <summary>Files of <c>/etc</c> in sandboxes.</summary>
    public string SandboxFiles => Path.Combine(Root, "etc");

    /// <summary>What starts of workloads write outside of their homes and disks.</summary>
    public string Scratch => Path.Combine(Root, "scratch");

    /// <summary>Where a tool finds a directory that only the engine can reach. Something is mounted there only in the tool's own namespace.</summary>
    public string Borrowed => Path.Combine(Root, "borrowed");

    public string Identities => Path.Combine(Root, "identities");

    public string Identity(string owner) => Path.Combine(Identities, FileName.Of(owner) + ".json");

    public string IdentityRange => Path.Combine(Root, "identity-range.json");

    public string RuntimeCache => Path.Combine(Root, "runtimes.json");

    public string Revisions => Path.Combine(Root, "revisions");

    public string Instances => Path.Combine(Root, "instances");

    /// <summary>A record of the directories on the machine that this platform created as mount points.</summary>
    public string MountPoints => Path.Combine(Root, "mount-points");

    public string Runs => Path.Combine(Root, "runs");

    public string Logs => Path.Combine(Root, "logs");

    public string Artifacts => Path.Combine(Root, "artifacts");

    public string GlobalPrograms => Path.Combine(Root, "global");

    /// <summary>The homes of builds, with the caches of package managers.</summary>
    public string Homes => Path.Combine(Root, "homes");

    /// <summary>The homes of instances and jobs.</summary>
    public string RunHomes => Path.Combine(Root, "run-homes");

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

    public string BuildHome(string owner) => Path.Combine(Homes, FileName.Of(owner));

    public string RunHome(string owner) => Path.Combine(RunHomes, FileName.Of(owner));

    public string OwnerCache(string owner) => Path.Combine(Caches, FileName.Of(owner));

    public string OwnerDownloads(string owner) => Path.Combine(Downloads, FileName.Of(owner));

    public string BuildDownloads(string owner) => Path.Combine(OwnerDownloads(owner), "builds");

    public string RunDownloads(string owner) => Path.Combine(OwnerDownloads(owner), "instances");

    public string Disk(string id) => Path.Combine(Disks, FileName.Of(id));

    /// <summary>Contains disks with a size. Each is a file system in a file.</summary>
    public string DiskImages => Path.Combine(Root, "disk-images");

    public string DiskImage(string id) => Path.Combine(DiskImages, FileName.Of(id));

    public string DiskOwner(string id) => Path.Combine(DiskOwners, FileName.Of(id) + ".json");

    public string RevisionFiles(RevisionId id) => Path.Combine(Files, FileName.Of(id.Value));

    public string RevisionSecrets(RevisionId id) => RevisionFiles(id) + ".secrets";

    /// <summary>Contains a directory for each network, with the files that its sandboxes see.</summary>
    public string Networks => Path.Combine(Root, "networks");

    /// <summary>The addresses of the private network.</summary>
    public string NetworkRecord => Path.Combine(Networks, "range.json");

    /// <summary>What the caller said about all networks.</summary>
    public string NetworkContents => Path.Combine(Networks, "contents.json");

    public string RunSecrets(RunId id) => Path.Combine(Files, FileName.Of(id.Value) + ".run-secrets");

    public void Create()
    {
        Make(Root, Passable);
        foreach (var directory in (string[])[Revisions, Instances, Runs, Logs, DiskOwners, DiskImages, Identities])
            Make(directory, Private);
        foreach (var directory in (string[])[Artifacts, GlobalPrograms, Homes, RunHomes, Caches, Downloads, Disks, Files, Toolchains, SandboxFiles, Scratch, Borrowed])
            Make(directory, Passable);
        Make(ToolchainRecords, Private);
        WriteScript("launch.sh", Script);
        WriteScript("enter.sh", EnterScript);
        WriteScript("attach.pl", AttachScript);
        Sandboxes.SandboxFiles.Write(SandboxFiles);
        if (SeccompFilter.Current is { } filter)
            WriteIfChanged(SystemCallFilter, filter);
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

    private static void WriteScript(string name, string path)
    {
        using var resource = typeof(EngineHome).Assembly.GetManifestResourceStream(name)!;
        var script = new byte[resource.Length];
        resource.ReadExactly(script);
        WriteIfChanged(path, script);
    }

    /// <summary>Writes a file only if it differs, because an engine must also start on a full disk.</summary>
    public static void WriteIfChanged(string path, byte[] content)
    {
        if (!File.Exists(path) || File.GetUnixFileMode(path) != Readable || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            WriteReadable(path, content);
    }

    /// <summary>
    /// Replaces a file that every account may read. It is replaced by rename, so that a workload that is starting reads either the old
    /// file or the new one, never a part.
    /// </summary>
    private static void WriteReadable(string path, byte[] content) => DurableFile.WriteUnflushed(path, stream =>
    {
        stream.Write(content);
        // The mode must not depend on the umask of the process.
        File.SetUnixFileMode(((FileStream)stream).SafeFileHandle, Readable);
    });
}
