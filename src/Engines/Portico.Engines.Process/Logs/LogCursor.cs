using System.Text;
using Microsoft.Win32.SafeHandles;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Logs;

/// <summary>A position in one log, from which lines are read as they appear.</summary>
internal sealed class LogCursor(string path, string source, long offset = 0)
{
    /// <summary>Longer lines are split into pieces of this size.</summary>
    public const int LongestLine = 64 * 1024;

    private const int ChunkSize = 64 * 1024;
    private const byte NewLine = (byte)'\n', Return = (byte)'\r';
    private readonly List<byte> _partial = [];
    private long _offset = offset;
    private bool _skipPartial;

    public string Path => path;

    /// <summary>Returns every complete line after the position.</summary>
    /// <param name="final">Whether the log is complete, so that the text after the last line break counts as a line.</param>
    public IEnumerable<LogLine> Read(bool final)
    {
        using var file = Open();
        var chunk = new byte[ChunkSize];
        while (file is not null && Next(file, chunk) is { Length: > 0 } bytes)
        {
            if (SkipDropped(file) is { } notice)
            {
                yield return notice;
                continue;
            }
            _offset += bytes.Length;
            foreach (var line in Split(bytes))
                yield return line;
        }
        if (final && _partial.Count > 0)
            yield return Take();
    }

    private SafeFileHandle? Open()
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private byte[] Next(SafeFileHandle file, byte[] chunk)
    {
        if (RandomAccess.GetLength(file) < _offset)
            _offset = 0;
        return chunk[..RandomAccess.Read(file, chunk, _offset)];
    }

    /// <summary>Skips a dropped part, which reads as zeros, and continues at the first whole line after it.</summary>
    private LogLine? SkipDropped(SafeFileHandle file)
    {
        var start = LogFile.DataStart(file, _offset);
        if (start <= _offset)
            return null;
        _offset = start;
        _partial.Clear();
        _skipPartial = true;
        return new LogLine(source, $"==> The first {start / (1024.0 * 1024.0):0.0} MB of this log were dropped to limit its size.");
    }

    private IEnumerable<LogLine> Split(byte[] bytes)
    {
        for (var from = 0; from < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, NewLine, from);
            var room = LongestLine - _partial.Count;
            var count = Math.Min(room, (end < 0 ? bytes.Length : end) - from);
            _partial.AddRange(bytes.AsSpan(from, count));
            from += count;
            if (from == end)
            {
                if (!_skipPartial)
                    yield return Take();
                _partial.Clear();
                _skipPartial = false;
                from++;
            }
            else if (_partial.Count >= LongestLine)
            {
                yield return TakePiece();
            }
        }
    }

    /// <summary>Returns a piece of a long line without splitting a character of several bytes.</summary>
    private LogLine TakePiece()
    {
        var end = _partial.Count;
        while (end > _partial.Count - 4 && (_partial[end - 1] & 0xC0) == 0x80)
            end--;
        if (_partial[end - 1] >= 0xC0)
            end--;
        var rest = _partial[end..];
        _partial.RemoveRange(end, _partial.Count - end);
        var piece = Take();
        _partial.AddRange(rest);
        return piece;
    }

    private LogLine Take()
    {
        var length = _partial.Count > 0 && _partial[^1] == Return ? _partial.Count - 1 : _partial.Count;
        var text = Encoding.UTF8.GetString(_partial.ToArray().AsSpan(0, length));
        _partial.Clear();
        return new LogLine(source, text);
    }
}
