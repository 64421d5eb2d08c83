using System.Collections.Concurrent;
using System.Security.Cryptography;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Refusals;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Stores the Git LFS files of hosted repositories, as git-lfs uploads them. They are in the repository's directory, so that
/// they are deleted with it, and are named by their digest.
/// </summary>
/// <remarks>
/// <code>
/// PUT ── lfs/tmp/… ── digest is right, flushed ──► lfs/objects/ab/cd/abcd…
/// </code>
/// Because git-lfs uploads files before it pushes, a file is removed only if no commit refers to it a day after its last upload.
/// </remarks>
internal sealed class LfsStore(SourceStore store, PlatformSettings settings, DiskReserve reserve, TimeProvider time)
{
    /// <summary>The directory of the files in that of a repository.</summary>
    public const string DirectoryName = "lfs";

    private const int Megabyte = 1 << 20, OidLength = 64;

    /// <summary>How many bytes of an upload are written between two checks of the free space.</summary>
    private const int LookEvery = 16 * Megabyte;

    private static readonly TimeSpan Unreferenced = TimeSpan.FromDays(1);

    /// <summary>When the history of each repository was last searched for pointers.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _swept = new();

    /// <summary>Whether a text is a SHA-256 digest. Nothing else is used in a path.</summary>
    public static bool IsOid(string text)
    {
        return text.Length == OidLength && text.All(char.IsAsciiHexDigitLower);
    }

    public long LargestBytes => settings.GitPushBytes;

    /// <summary>Whether the repository has any files.</summary>
    public bool HasAny(string repository) => Directory.Exists(Objects(repository));

    /// <returns>The path of the file; null if it is not stored or has another size.</returns>
    /// <param name="size">The expected size; null for any.</param>
    public string? Find(string repository, string oid, long? size = null)
    {
        var file = IsOid(oid) ? new FileInfo(PathOf(repository, oid)) : null;
        return file is { Exists: true } && (size is null || file.Length == size) ? file.FullName : null;
    }

    /// <summary>Prevents the removal of a file before a push refers to it.</summary>
    public void Touch(string path) => File.SetLastWriteTimeUtc(path, time.GetUtcNow().UtcDateTime);

    /// <summary>Stores a file as it arrives.</summary>
    /// <param name="length">The length that the client announced; null if it did not.</param>
    /// <exception cref="RefusedException">The file is too large or has another digest, or there is not enough space.</exception>
    public async Task TakeAsync(string repository, string oid, Stream content, long? length, CancellationToken cancellationToken)
    {
        RequireSize(length ?? 0);
        RequireRoom(length ?? 0);
        var (target, scratch) = (PathOf(repository, oid), Path.Combine(Scratch(repository), Path.GetRandomFileName()));
        try
        {
            Directory.CreateDirectory(Scratch(repository));
            var digest = await WriteAsync(scratch, content, cancellationToken);
            if (digest != oid)
                throw Refusal.Unprocessable($"The uploaded content has the digest {digest} and does not match the file {oid}. Nothing was stored. Upload it again.");
            Touch(scratch);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            DurableFile.Replace(scratch, target);
        }
        catch (DirectoryNotFoundException)
        {
            throw Refusal.NotFound("repository", SourceStore.NameOf(repository) ?? repository);
        }
        finally
        {
            if (File.Exists(scratch))
                File.Delete(scratch);
        }
    }

    private async Task<string> WriteAsync(string file, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[81920];
        var (total, looked) = (0L, 0L);
        while (await content.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            RequireSize(total += read);
            if (total - looked >= LookEvery)
            {
                RequireRoom(0);
                looked = total;
            }
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
        // Its name says that it is whole: that must hold after a power cut, too.
        target.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <exception cref="RefusedException">413: the file is too large.</exception>
    public void RequireSize(long bytes)
    {
        if (TooLarge(bytes) is { } problem)
            throw Refusal.TooLarge(problem);
    }

    /// <returns>Null if it is not too large.</returns>
    public string? TooLarge(long bytes) => bytes <= LargestBytes ? null
        : $"A file of more than {LargestBytes / Megabyte} MB can't be uploaded. The operator of this platform can raise the limit with PORTICO_GIT_PUSH_MEGABYTES.";

    /// <summary>Requires that enough disk space stays free.</summary>
    /// <exception cref="RefusedException">507: not enough space would be left.</exception>
    public void RequireRoom(long bytes)
    {
        try
        {
            reserve.Require(bytes);
        }
        catch (DiskReserveException exception)
        {
            throw Refusal.OutOfSpace(exception.Message);
        }
    }

    /// <summary>Removes the remains of interrupted uploads, and files that no commit refers to. A repository that Git cannot read keeps its files, and delays no other.</summary>
    public async Task SweepAsync(ItemRetries items, CancellationToken cancellationToken)
    {
        var repositories = store.Hosted().Where(HasAny).ToList();
        foreach (var gone in _swept.Keys.Except(repositories))
            _swept.TryRemove(gone, out _);
        foreach (var repository in repositories)
            await items.TryAsync($"files in Git LFS of {repository}", token => SweepUnlessGoneAsync(repository, token), cancellationToken);
    }

    private async Task SweepUnlessGoneAsync(string repository, CancellationToken cancellationToken)
    {
        try
        {
            await SweepAsync(repository, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or GitException && !HasAny(repository))
        {
            // It was removed meanwhile, with its files.
        }
    }

    private async Task SweepAsync(string repository, CancellationToken cancellationToken)
    {
        foreach (var left in Old(Scratch(repository)))
            left.Delete();
        var old = Old(Objects(repository));
        var now = time.GetUtcNow();
        if (old.Count == 0 || (_swept.TryGetValue(repository, out var last) && now - last < Unreferenced))
            return;
        var needed = await LfsHistory.OidsAsync(store.GitOf(repository), cancellationToken);
        // It may have been offered again since: then a push is about to refer to it.
        foreach (var file in old.Where(file => !needed.Contains(file.Name)))
            if (IsOld(new FileInfo(file.FullName)))
                file.Delete();
        _swept[repository] = now;
    }

    private List<FileInfo> Old(string directory) =>
        [.. DirectoryEntries.Files(directory, "*", SearchOption.AllDirectories).Select(path => new FileInfo(path)).Where(IsOld)];

    private bool IsOld(FileInfo file) => time.GetUtcNow() - file.LastWriteTimeUtc > Unreferenced;

    private string PathOf(string repository, string oid) => Path.Combine(Objects(repository), oid[..2], oid[2..4], oid);

    private string Objects(string repository) => Path.Combine(store.PathOf(repository), DirectoryName, "objects");

    private string Scratch(string repository) => Path.Combine(store.PathOf(repository), DirectoryName, "tmp");
}
