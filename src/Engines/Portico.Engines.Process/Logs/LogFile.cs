using System.Text;
using Microsoft.Win32.SafeHandles;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Logs;

/// <summary>
/// Handles a file that a workload appends to directly. When it gets too long, its beginning is replaced by a hole: the file system
/// frees the space, while all offsets and the writer's position stay the same and no line is lost.
/// </summary>
internal static class LogFile
{
    private const int Block = 64 * 1024;

    /// <summary>Appends a line of the engine to the workload's output. On a full disk the line is lost.</summary>
    public static unsafe void Append(string path, string line)
    {
        var descriptor = Libc.Open(path, Libc.OpenWriteOnly | Libc.OpenCreate | Libc.OpenAppend | Libc.OpenCloseOnExec, 0x180);
        if (descriptor < 0)
            return;
        var bytes = Encoding.UTF8.GetBytes($"{(EndsInALine(path) ? "" : "\n")}==> {line}\n");
        fixed (byte* first = bytes)
            _ = Libc.Write(descriptor, first, bytes.Length);
        _ = Libc.Close(descriptor);
    }

    /// <summary>Adds a line break if the workload has ended without one, so that its last text is a line.</summary>
    public static unsafe void EndLine(string path)
    {
        if (EndsInALine(path))
            return;
        var descriptor = Libc.Open(path, Libc.OpenWriteOnly | Libc.OpenAppend | Libc.OpenCloseOnExec, 0);
        if (descriptor < 0)
            return;
        var lineBreak = (byte)'\n';
        _ = Libc.Write(descriptor, &lineBreak, 1);
        _ = Libc.Close(descriptor);
    }

    /// <summary>Returns the length of a file; 0 if it does not exist or cannot be read.</summary>
    public static long LengthOf(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file ? file.Length : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static bool EndsInALine(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var length = RandomAccess.GetLength(file);
            Span<byte> last = stackalloc byte[1];
            return length == 0 || RandomAccess.Read(file, last, length - 1) == 0 || last[0] == (byte)'\n';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Returns the offset of the first byte at or after the given offset that has not been dropped.</summary>
    public static long DataStart(SafeFileHandle file, long offset)
    {
        var start = Libc.Seek((int)file.DangerousGetHandle(), offset, Libc.SeekData);
        return start < 0 ? offset : start;
    }

    /// <summary>Drops the oldest bytes of a log that has grown beyond the limit.</summary>
    public static void Trim(string path, long limit)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var length = RandomAccess.GetLength(file);
        if (length - DataStart(file, 0) <= limit)
            return;
        var keepFrom = (length - (limit * 3 / 4)) / Block * Block;
        if (keepFrom > 0 && Libc.Allocate((int)file.DangerousGetHandle(), Libc.PunchHole, 0, keepFrom) != 0)
            CopyDown(file, keepFrom, length);
    }

    /// <summary>Rewrites the file on file systems without holes. Lines that are written in these microseconds may be lost.</summary>
    private static void CopyDown(SafeFileHandle file, long keepFrom, long length)
    {
        var kept = new byte[length - keepFrom];
        var read = RandomAccess.Read(file, kept, keepFrom);
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, kept.AsSpan(0, read), 0);
    }
}
