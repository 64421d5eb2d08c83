using System.Runtime.InteropServices;

namespace Portico.Hosting;

/// <summary>
/// Replaces files so that readers, a crash and a power cut see the old content or the new, never a part: written under a
/// temporary name, flushed to the disk, renamed, and the directory flushed after it.
/// </summary>
public static partial class DurableFile
{
    /// <summary>Read and write for the owner alone: for keys and everything that names a secret.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode Shared = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <param name="mode">Of a new file; the process's umask is applied.</param>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = Shared)
    {
        var temporary = Create(path, mode, out var file);
        using (file)
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        Replace(temporary, path);
    }

    /// <param name="write">Writes the content; it is flushed afterwards.</param>
    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte}, UnixFileMode)"/>
    public static void Write(string path, Action<Stream> write, UnixFileMode mode = Shared)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = Create(path, mode, out var file);
        using (file)
        {
            write(file);
            file.Flush(flushToDisk: true);
        }
        Replace(temporary, path);
    }

    /// <summary>
    /// Replaces a file for all readers at once, but flushes nothing, which saves the milliseconds that a disk takes. A crash of
    /// this process loses nothing; after a power cut the file may have its old content, the new one, or be missing or empty.
    /// For what such a cut makes worthless anyway (the record of a process that died with the machine) and for caches.
    /// </summary>
    /// <exception cref="IOException">Nothing was changed.</exception>
    public static void WriteUnflushed(string path, Action<Stream> write, UnixFileMode mode = Shared)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = Create(path, mode, out var file);
        using (file)
            write(file);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Gives a file that was written and flushed elsewhere in the same file system its final name.</summary>
    public static void Replace(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>What an earlier writer left under the temporary name is removed: its mode may be another.</summary>
    private static string Create(string path, UnixFileMode mode, out FileStream file)
    {
        var temporary = $"{path}.new";
        File.Delete(temporary);
        file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        return temporary;
    }

    /// <summary>A rename is in the directory's own data: without this a power cut may undo it.</summary>
    private static void FlushDirectory(string directory)
    {
        var handle = Open(directory, OpenDirectory);
        if (handle < 0)
            throw new IOException($"The directory {directory} cannot be flushed.", Marshal.GetLastPInvokeError());
        // Some file systems cannot flush a directory, and need not.
        _ = Flush(handle);
        _ = Close(handle);
    }

    // .NET opens no directories. O_RDONLY | O_CLOEXEC, the same on x64 and arm64.
    private const int OpenDirectory = 0x80000;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
