using System.Text;
using System.Text.Json;
using Portico.Core.Routing;
using Portico.Edge.Records;

namespace Portico.Edge.Tests;

public sealed class RequestLineTests
{
    private static readonly RequestRecord Ordinary = new()
    {
        Time = new DateTimeOffset(2026, 3, 4, 5, 6, 7, 891, TimeSpan.FromHours(2)).AddTicks(1),
        ServiceId = "srv-a",
        Host = "a.localhost",
        Method = "GET",
        Path = "/",
        Status = 200,
        DurationMicroseconds = 1234,
        BytesIn = 0,
        BytesOut = long.MaxValue,
        InstanceId = "srv-a-bcdfg",
        RequestId = "8f1c2a9b-40d7-4e6b",
        Client = "::1",
    };

    [Theory]
    [InlineData("/")]
    [InlineData("/a b/ü/\U0001F468")]
    [InlineData("/\"},{\"status\":1,\"x\":\"")]
    [InlineData("/\\\n\r\t\0\u2028<script>'&+")]
    public void A_line_gives_the_record_back_whatever_the_client_wrote(string path)
    {
        foreach (var record in (RequestRecord[])[Ordinary with { Path = path }, Ordinary with { Path = path, InstanceId = null }])
        {
            var text = Write(record);
            Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
            Assert.Equal(record, JsonSerializer.Deserialize(text, RoutingJson.Default.RequestRecord));
        }
    }

    [Fact]
    public void Text_that_is_none_is_replaced() =>
        Assert.Equal("/\ufffd", JsonSerializer.Deserialize(Write(Ordinary with { Path = "/\ud800" }), RoutingJson.Default.RequestRecord)!.Path);

    [Fact]
    public void A_line_is_written_whole_or_not_at_all()
    {
        var whole = Encoding.UTF8.GetByteCount(Write(Ordinary));
        for (var room = 0; room < whole; room++)
            Assert.False(RequestLine.TryWrite(Ordinary, new byte[room], out _));
        Assert.True(RequestLine.TryWrite(Ordinary, new byte[whole], out var length));
        Assert.Equal(whole, length);
    }

    [Fact]
    public void What_finds_no_room_is_dropped_and_the_rest_stays_whole()
    {
        using var lines = new RequestLines();
        var added = 0;
        while (lines.TryAdd(Ordinary))
            added++;
        var taken = Encoding.UTF8.GetString(lines.Take().Span);
        Assert.Equal(added, taken.Count(character => character == '\n'));
        Assert.InRange(taken.Length, 1_000_000, 1 << 20);
        Assert.True(lines.TryAdd(Ordinary));
        Assert.Equal(Write(Ordinary), Encoding.UTF8.GetString(lines.Take().Span));
        Assert.Equal(0, lines.Take().Length);
    }

    private static string Write(RequestRecord record)
    {
        var room = new byte[10_000];
        Assert.True(RequestLine.TryWrite(record, room, out var length));
        return Encoding.UTF8.GetString(room, 0, length);
    }
}
