using System.Security.Cryptography;
using System.Text;
using Portico.Api.Contracts.Platform;
using Portico.Hosting;

namespace Portico.Cli.Sources;

/// <summary>
/// The private bare repository that holds the snapshots of one directory. It is a cache: it may be deleted at
/// any time, and is deleted when it grows large.
/// </summary>
internal sealed class SnapshotStore
{
    private const int ManyLooseObjects = 60 * 256;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(5);

    private readonly Git _git;
    private readonly TimeProvider _time;
    private readonly string _lockFile;

    public SnapshotStore(Git git, PlatformPaths paths, string realDirectory, TimeProvider time)
    {
        _git = git;
        _time = time;
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(realDirectory)))[..24];
        Folder = Path.Combine(paths.Snapshots, name + ".git");
        _lockFile = Path.Combine(paths.Snapshots, name + ".lock");
    }

    public string Folder { get; }

    public string Index => Path.Combine(Folder, "portico-index");

    public string MemoryFile => Path.Combine(Folder, "portico-memory");

    public string ExcludeFile => Path.Combine(Folder, "info", "exclude");

    /// <summary>Takes the lock that protects the index, which two commands on one directory share.</summary>
    public async Task<IDisposable> LockAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(
            Path.GetDirectoryName(_lockFile)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var started = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (_time.GetElapsedTime(started) < LockTimeout)
            {
                await Task.Delay(LockPoll, _time, cancellationToken);
            }
        }
    }

    /// <summary>Requires the lock.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (HasGatheredMuch())
            Delete();
        if (!File.Exists(Path.Combine(Folder, "HEAD")))
            await _git.RunAsync("/", ["init", "--quiet", "--bare", "--template=", "--object-format=sha1", "--", Folder], cancellationToken: cancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(ExcludeFile)!);
        // A killed command left these: we hold the lock, so no other command uses them.
        foreach (var stale in DirectoryEntries.Files(Folder, "*.lock"))
            File.Delete(stale);
    }

    public void Delete()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    // Estimate as Git does: objects are spread evenly over 256 folders.
    private bool HasGatheredMuch()
    {
        var sample = Path.Combine(Folder, "objects", "17");
        return DirectoryEntries.Files(sample).Length > ManyLooseObjects / 256;
    }
}
