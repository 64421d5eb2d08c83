using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Logs;

/// <summary>
/// Lines from a position on. Nothing is remembered between two calls: the position is always that of a line's beginning (or
/// of a long line's next part), so that a reader who died anywhere reads the same lines again.
/// </summary>
internal static class LogPieces
{
    public const int LargestPiece = 256 * 1024;

    private const byte NewLine = (byte)'\n', Return = (byte)'\r';

    /// <param name="ended">What stands after the last line break is a line too.</param>
    public static LogPiece Read(string path, long position, bool ended)
    {
        var nothing = new LogPiece([], position, DateTimeOffset.UnixEpoch);
        if (new FileInfo(path) is not { Exists: true } known || known.Length == position)
            return nothing;
        var buffer = ArrayPool<byte>.Shared.Rent(LargestPiece);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(file, position, buffer.AsSpan(0, LargestPiece), ended);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return nothing;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static LogPiece Read(SafeFileHandle file, long position, Span<byte> buffer, bool ended)
    {
        // Shorter than before: its head was dropped on a file system that keeps no holes, and it begins anew.
        if (RandomAccess.GetLength(file) < position)
            position = 0;
        var lines = new List<string>();
        var from = position;
        var bytes = buffer[..RandomAccess.Read(file, buffer, from)];
        // Asked after reading: what was read from a part that is dropped meanwhile is zeros.
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
        return new LogPiece(lines, from + taken, new DateTimeOffset(File.GetLastWriteTimeUtc(file), TimeSpan.Zero));
    }

    /// <summary>Where the first whole line begins after this offset; null while there is none.</summary>
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
        CultureInfo.InvariantCulture, $"==> {(from == 0 ? "The first " : "")}{(to - from) / (1024.0 * 1024.0):0.0} MB of this log were dropped{(from == 0 ? "" : " here")}, to keep it short.");

    /// <returns>How many bytes became lines.</returns>
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

    /// <summary>A character of several bytes is not cut in two.</summary>
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
