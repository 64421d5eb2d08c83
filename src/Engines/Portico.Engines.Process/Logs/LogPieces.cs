using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Logs;

/// <summary>
/// Reads lines from a position. It keeps no state between calls: the position is always the beginning of a line (or of the next
/// part of a long line), so a reader that died at any point reads the same lines again.
/// </summary>
internal static class LogPieces
{
    public const int LargestPiece = 256 * 1024;

    private const int SmallestBuffer = 4096;

    private const byte NewLine = (byte)'\n', Return = (byte)'\r';

    /// <param name="ended">Whether the log is complete, so that the text after the last line break counts as a line.</param>
    public static LogPiece Read(string path, long position, bool ended)
    {
        var nothing = new LogPiece([], position, DateTimeOffset.UnixEpoch);
        if (new FileInfo(path) is not { Exists: true } known || known.Length == position)
            return nothing;
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(file, position, ended);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return nothing;
        }
    }

    private static LogPiece Read(SafeFileHandle file, long position, bool ended)
    {
        var length = RandomAccess.GetLength(file);
        // The file is shorter than before: it was rewritten on a file system without holes. Read it from its beginning.
        if (length < position)
            position = 0;
        // Most reads are of a few new lines: a pool of large buffers would stay in memory for them. One byte more than there is shows the end.
        var size = (int)Math.Clamp(length - position + 1, SmallestBuffer, LargestPiece);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            return Read(file, position, buffer.AsSpan(0, size), ended);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static LogPiece Read(SafeFileHandle file, long position, Span<byte> buffer, bool ended)
    {
        var lines = new List<string>();
        var from = position;
        var bytes = buffer[..RandomAccess.Read(file, buffer, from)];
        // Checked after reading, because a part that is dropped in the meantime reads as zeros.
        for (var start = LogFile.DataStart(file, from); start > from; start = LogFile.DataStart(file, from))
        {
            if (NextLine(file, start, buffer) is not { } next)
                return new LogPiece([], position, DateTimeOffset.UnixEpoch);
            lines.Clear();
            lines.Add(Dropped(position, next));
            bytes = buffer[..RandomAccess.Read(file, buffer, from = next)];
        }
        var atEnd = bytes.Length < buffer.Length;
        var taken = Split(bytes, ended && atEnd, lines);
        return new LogPiece(lines, from + taken, new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero), HasMore: !atEnd);
    }

    /// <summary>Returns where the first whole line after this offset begins; null if there is none yet.</summary>
    private static long? NextLine(SafeFileHandle file, long offset, Span<byte> buffer)
    {
        while (RandomAccess.Read(file, buffer, offset) is var read and > 0)
        {
            var end = buffer[..read].IndexOf(NewLine);
            if (end >= 0)
                return offset + end + 1;
            offset += read;
        }
        return null;
    }

    private static string Dropped(long from, long to) => string.Create(
        CultureInfo.InvariantCulture, $"==> {(from == 0 ? "The first " : "")}{(to - from) / (1024.0 * 1024.0):0.0} MB of this log were dropped{(from == 0 ? "" : " here")} to limit its size.");

    /// <returns>How many bytes were converted to lines.</returns>
    private static int Split(ReadOnlySpan<byte> bytes, bool final, List<string> lines)
    {
        var from = 0;
        while (from < bytes.Length)
        {
            var rest = bytes[from..];
            var end = rest[..Math.Min(rest.Length, LogCursor.LongestLine + 1)].IndexOf(NewLine);
            if (end >= 0)
                from += end + 1;
            else if (rest.Length > LogCursor.LongestLine)
                from += end = WholeCharacters(rest[..LogCursor.LongestLine]);
            else if (final)
                from += end = rest.Length;
            else
                break;
            lines.Add(Text(rest[..end]));
        }
        return from;
    }

    /// <summary>Finds where to split a long line without splitting a character of several bytes.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length;
        while (end > bytes.Length - 4 && (bytes[end - 1] & 0xC0) == 0x80)
            end--;
        return bytes[end - 1] >= 0xC0 ? end - 1 : bytes.Length;
    }

    private static string Text(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(bytes is [.., Return] ? bytes[..^1] : bytes);
}
