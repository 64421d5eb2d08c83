using System.Text;
using Portico.ControlPlane.Metrics;

namespace Portico.ControlPlane.Tests.Metrics;

public sealed class SegmentReaderTests : IDisposable
{
    private readonly MetricsHome _home = new();

    private SegmentReader Reader => new(_home.Segments);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void Nothing_is_there_before_the_edge_has_written() => Assert.Empty(ReadAll());

    [Fact]
    public void Lines_are_read_once_in_order_across_segments()
    {
        _home.Append(1, "a\nb\n");
        _home.Append(2, "c\n");
        _home.Append(4, "d\n");
        Assert.Equal(["a", "b", "c", "d"], ReadAll());
    }

    [Fact]
    public void A_line_that_is_still_being_written_is_waited_for()
    {
        _home.Append(1, "a\nb");
        var first = Reader.Read(default);
        Assert.Equal(["a"], Text(first));
        Assert.Empty(Reader.Read(first.Next).Lines);
        _home.Append(1, "c\n");
        Assert.Equal(["bc"], Text(Reader.Read(first.Next)));
    }

    [Fact]
    public void A_torn_line_is_passed_over_once_there_is_a_newer_segment()
    {
        _home.Append(1, "a\ntor");
        var first = Reader.Read(default);
        _home.Append(2, "b\n");
        Assert.Equal(["b"], Text(Reader.Read(first.Next)));
    }

    [Fact]
    public void Segments_that_were_removed_unread_are_passed_over()
    {
        _home.Append(1, "a\nb\n");
        var position = Reader.Read(default).Next;
        Directory.Delete(_home.Segments, recursive: true);
        _home.Append(3, "c\n");
        Assert.Equal(["c"], Text(Reader.Read(position)));
    }

    [Fact]
    public void Segments_that_are_counted_anew_are_read_from_their_start()
    {
        _home.Append(9, "a\n");
        var position = Reader.Read(default).Next;
        Directory.Delete(_home.Segments, recursive: true);
        _home.Append(1, "b\n");
        Assert.Equal(["b"], Text(Reader.Read(position)));
    }

    [Fact]
    public void A_line_of_any_length_is_read()
    {
        var line = new string('x', 3_000_000);
        _home.Append(1, $"a\n{line}\nb\n");
        Assert.Equal(["a", line, "b"], ReadAll());
    }

    private List<string> ReadAll()
    {
        var lines = new List<string>();
        for (var position = default(SegmentPosition); Reader.Read(position) is { Lines.Count: > 0 } batch; position = batch.Next)
            lines.AddRange(Text(batch));
        return lines;
    }

    private static IEnumerable<string> Text(SegmentBatch batch) => batch.Lines.Select(line => Encoding.UTF8.GetString(line.Span));
}
