using CsCheck;
using Portico.ControlPlane.Logs;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class LogTimeTests
{
    [Fact]
    public void What_is_written_is_read_and_sorts_as_text() =>
        Gen.Select(Gen.Long[0, long.MaxValue - 1_000_000_000], Gen.Long[0, long.MaxValue - 1_000_000_000]).Sample((a, b) =>
        {
            Assert.True(LogTime.TryParse(new LogTime(a).ToString(), out var read));
            Assert.Equal(a, read.Nanoseconds);
            Assert.Equal(a.CompareTo(b), Math.Sign(string.CompareOrdinal(new LogTime(a).ToString(), new LogTime(b).ToString())));
        });

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:01.5Z", 1_500_000_000)]
    [InlineData("1970-01-01t02:00:00.000000001+02:00", 1)]
    [InlineData("1970-01-01T00:00:00.1234567891234z", 123_456_789)]
    [InlineData("0001-01-01T00:00:00Z", 0)]
    public void Any_rfc_3339_time_is_read(string text, long nanoseconds)
    {
        Assert.True(LogTime.TryParse(text, out var time));
        Assert.Equal(nanoseconds, time.Nanoseconds);
    }

    [Fact]
    public void The_far_future_is_the_end() =>
        Assert.True(LogTime.TryParse("9999-12-31T23:59:59.999999999Z", out var time) && time.ToString().StartsWith("2262-", StringComparison.Ordinal));

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-01-01")]
    [InlineData("2026-01-01T00:00:00")]
    [InlineData("2026-13-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z\n")]
    [InlineData("2026-01-01T00:00:00+99:00")]
    [InlineData("1767225600")]
    public void Anything_else_is_not(string text) => Assert.False(LogTime.TryParse(text, out _));
}
