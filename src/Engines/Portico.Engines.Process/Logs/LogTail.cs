using Microsoft.Win32.SafeHandles;

namespace Portico.Engines.Process.Logs;

/// <summary>Finds where the last lines of a log begin by reading backwards, so that a long log takes no longer than a short one.</summary>
internal static class LogTail
{
    private const int ChunkSize = 64 * 1024;

    /// <returns>The offset of the first of the last lines, and how many there are, which is fewer if the log is shorter.</returns>
    public static (long Offset, int Lines) Find(string path, int lines, long notBefore = 0)
    {
        if (!File.Exists(path))
            return (0, 0);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        var first = LogFile.DataStart(file, 0);
        return Find(file, Math.Max(first, notBefore > length ? 0 : notBefore), length, lines);
    }

    private static (long Offset, int Lines) Find(SafeFileHandle file, long first, long length, int wanted)
    {
        var chunk = new byte[ChunkSize];
        var (found, position) = (0, length);
        var next = length;
        while (position > first && found < wanted)
        {
            var start = Math.Max(first, position - ChunkSize);
            var read = RandomAccess.Read(file, chunk.AsSpan(0, (int)(position - start)), start);
            // The line break at the end of the last line does not begin another line.
            for (var i = read - 1; i >= 0 && found < wanted; i--)
                if (chunk[i] == '\n' && start + i + 1 < length)
                    (found, next) = (found + 1, start + i + 1);
            position = start;
        }
        return found < wanted && length > first ? (first, found + 1) : (next, found);
    }

    /// <summary>Returns the last lines of a log, at most the given number and none from before the given offset.</summary>
    public static IReadOnlyList<string> Read(string path, int lines, long notBefore)
    {
        var (offset, _) = Find(path, lines, notBefore);
        return [.. new LogCursor(path, "", offset).Read(final: true).Select(line => line.Text).TakeLast(lines)];
    }
}
