using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Tests;

public sealed class SemanticRangeTests
{
    private static readonly string[] Known = ["0.12.18", "14.21.3", "16.20.2", "18.0.0", "18.19.1", "20.0.0", "20.11.0", "20.11.1", "20.12.0", "21.7.3", "22.1.0"];

    [Theory]
    [InlineData("20.11.1", "20.11.1")]
    [InlineData("v20.11.0", "20.11.0")]
    [InlineData("=18.0.0", "18.0.0")]
    [InlineData("20", "20.12.0")]
    [InlineData("20.11", "20.11.1")]
    [InlineData("20.x", "20.12.0")]
    [InlineData("20.11.x", "20.11.1")]
    [InlineData("*", "22.1.0")]
    [InlineData("", "22.1.0")]
    [InlineData("^18.2", "18.19.1")]
    [InlineData("^0.12", "0.12.18")]
    [InlineData("~20.11", "20.11.1")]
    [InlineData("~20", "20.12.0")]
    [InlineData(">=18 <20", "18.19.1")]
    [InlineData(">= 18 < 20.12", "20.11.1")]
    [InlineData("<20", "18.19.1")]
    [InlineData(">20.11", "22.1.0")]
    [InlineData("<=20.11", "20.11.1")]
    [InlineData("16 || 18", "18.19.1")]
    [InlineData("18.0.0 - 20.11.0", "20.11.0")]
    [InlineData("lts/*", "22.1.0")]
    [InlineData("lts/hydrogen", "18.19.1")]
    [InlineData("lts/Iron", "20.12.0")]
    [InlineData("latest", "22.1.0")]
    public void The_newest_version_that_is_meant(string range, string expected) =>
        Assert.Equal(expected, NodeToolchain.RangeOf(range)!.Newest(Known.Select(SemanticVersion.Parse).OfType<SemanticVersion>())!.ToString());

    [Theory]
    [InlineData("latest please")]
    [InlineData("20.11.1.2")]
    [InlineData("../../etc/passwd")]
    [InlineData("--version")]
    [InlineData("lts/nonsense")]
    [InlineData("99999999999999999999")]
    public void What_is_no_range_is_none(string text) => Assert.Null(NodeToolchain.RangeOf(text));

    [Fact]
    public void A_range_that_none_is_in_finds_none() => Assert.Null(NodeToolchain.RangeOf("19")!.Newest([new(18, 0, 0), new(20, 0, 0)]));

    [Theory]
    [InlineData("3.11", "3.11.7", true)]
    [InlineData("3.11.7", "3.11.7", true)]
    [InlineData("3.11.4", "3.11.7", false)]
    [InlineData("3.1", "3.11.7", false)]
    [InlineData("3", "3.11.7", true)]
    public void A_part_of_a_version_is_met_by_any_that_begins_so(string wanted, string version, bool met) =>
        Assert.Equal(met, PythonToolchain.Matches(wanted, version));
}
