using CsCheck;
using Portico.Engines.Process.Logs;

namespace Portico.Engines.Process.Tests;

public sealed class LogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Tail_is_the_end_of_the_whole() =>
        Gen.Select(Gen.String[Gen.Char["ab\u00e4\n"], 0, 300], Gen.Int[1, 20], Gen.Bool).Sample(
            (text, count, broken) =>
            {
                File.WriteAllText(_path, broken ? text : text + "\n");
                var all = new LogCursor(_path, "").Read(final: true).Select(line => line.Text).ToList();
                Assert.Equal(all.TakeLast(count), LogTail.Read(_path, count, notBefore: 0));
            },
            threads: 1,
            iter: 300);

    [Fact]
    public void Long_line_comes_in_pieces_and_no_character_is_cut()
    {
        var line = string.Concat(Enumerable.Repeat("a\u20ac\U0001F600", 40_000));
        File.WriteAllText(_path, line + "\nnext");
        var lines = new LogCursor(_path, "").Read(final: true).Select(l => l.Text).ToList();
        Assert.All(lines, piece => Assert.True(System.Text.Encoding.UTF8.GetByteCount(piece) <= LogCursor.LongestLine));
        Assert.Equal(line, string.Concat(lines[..^1]));
        Assert.Equal("next", lines[^1]);
    }

    [Fact]
    public void Invalid_bytes_do_no_harm()
    {
        File.WriteAllBytes(_path, [0xFF, (byte)'a', 0xC3, (byte)'\n', .. Enumerable.Repeat((byte)0x80, 200_000)]);
        var lines = new LogCursor(_path, "").Read(final: true).ToList();
        Assert.Equal("\uFFFDa\uFFFD", lines[0].Text);
        Assert.True(lines.Count > 2);
    }

    [Fact]
    public void Unfinished_line_waits_for_its_end()
    {
        var cursor = new LogCursor(_path, "");
        File.AppendAllText(_path, "one\ntw");
        Assert.Equal(["one"], cursor.Read(final: false).Select(l => l.Text));
        File.AppendAllText(_path, "o\n");
        Assert.Equal(["two"], cursor.Read(final: false).Select(l => l.Text));
    }

    [Fact]
    public void Word_of_the_engine_is_a_line_of_its_own_after_an_unfinished_one()
    {
        File.WriteAllText(_path, "done");
        LogFile.Append(_path, "Exited with status 0");
        LogFile.EndLine(_path);
        Assert.Equal("done\n==> Exited with status 0\n", File.ReadAllText(_path));
        File.AppendAllText(_path, "half");
        LogFile.EndLine(_path);
        LogFile.EndLine(_path);
        Assert.EndsWith("0\nhalf\n", File.ReadAllText(_path), StringComparison.Ordinal);
    }

    [Fact]
    public void Reader_that_is_overtaken_by_trimming_goes_on_at_a_whole_line()
    {
        var cursor = new LogCursor(_path, "");
        File.AppendAllText(_path, "first\n");
        Assert.Single(cursor.Read(final: false));
        File.AppendAllLines(_path, Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        LogFile.Trim(_path, limit: 400_000);
        var lines = cursor.Read(final: false).Select(l => l.Text).ToList();
        Assert.Contains("dropped", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("line ", line, StringComparison.Ordinal));
        Assert.Equal("line 99999", lines[^1]);
    }

    [Fact]
    public void Pieces_read_from_any_earlier_end_are_the_whole() =>
        Gen.Select(Gen.String[Gen.Char["ab\u00e4\n\r"], 0, 300].Array[1, 8], Gen.Bool).Sample(
            (parts, broken) =>
            {
                File.WriteAllText(_path, "");
                var (position, lines) = (0L, new List<string>());
                foreach (var part in parts)
                {
                    File.AppendAllText(_path, part);
                    var piece = LogPieces.Read(_path, position, ended: false);
                    Assert.Equal(piece.Lines, LogPieces.Read(_path, position, ended: false).Lines);
                    lines.AddRange(piece.Lines);
                    position = piece.Next;
                }
                if (broken)
                    File.AppendAllText(_path, "end");
                lines.AddRange(LogPieces.Read(_path, position, ended: true).Lines);
                Assert.Equal(new LogCursor(_path, "").Read(final: true).Select(line => line.Text), lines);
            },
            threads: 1,
            iter: 300);

    [Fact]
    public void Pieces_of_a_long_log_are_bounded_and_cut_no_character()
    {
        var line = string.Concat(Enumerable.Repeat("a\u20ac\U0001F600", 60_000));
        File.WriteAllText(_path, $"first\n{line}\nlast");
        var (position, lines) = (0L, new List<string>());
        while (LogPieces.Read(_path, position, ended: true) is { Lines.Count: > 0 } piece)
        {
            Assert.InRange(piece.Next - position, 1, LogPieces.LargestPiece);
            lines.AddRange(piece.Lines);
            position = piece.Next;
        }
        Assert.Equal(["first", "last"], [lines[0], lines[^1]]);
        Assert.Equal(line, string.Concat(lines[1..^1]));
        Assert.Equal(new FileInfo(_path).Length, position);
    }

    [Fact]
    public void Pieces_go_on_at_a_whole_line_after_what_was_dropped()
    {
        File.AppendAllText(_path, "first\n");
        var position = LogPieces.Read(_path, 0, ended: false).Next;
        File.AppendAllLines(_path, Enumerable.Range(0, 100_000).Select(i => $"line {i}"));
        LogFile.Trim(_path, limit: 400_000);
        var lines = new List<string>();
        while (LogPieces.Read(_path, position, ended: false) is { Lines.Count: > 0 } piece)
        {
            lines.AddRange(piece.Lines);
            position = piece.Next;
        }
        Assert.Contains("dropped here", lines[0], StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.StartsWith("line ", line, StringComparison.Ordinal));
        Assert.Equal("line 99999", lines[^1]);
    }
}
