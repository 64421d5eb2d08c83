using Portico.Core.Routing;

namespace Portico.Core.Tests.Routing;

public sealed class SourceRangeTests
{
    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.128/25", "192.0.2.128/25")]
    [InlineData("192.0.2.7/32", "192.0.2.0/24", "192.0.2.7/32")]
    [InlineData("192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("0.0.0.0/0", "192.0.2.0/24", "192.0.2.0/24")]
    [InlineData("2001:db8::/32", "2001:db8:1::/48", "2001:db8:1::/48")]
    [InlineData("192.0.2.0/25", "192.0.2.128/25", null)]
    [InlineData("0.0.0.0/0", "2001:db8::/32", null)]
    [InlineData("::/0", "192.0.2.0/24", null)]
    [InlineData("192.0.2.0/24", "nowhere", null)]
    public void Two_ranges_have_the_narrower_one_in_common_or_nothing(string one, string other, string? common)
    {
        Assert.Equal(common, SourceRange.Common(one, other));
        Assert.Equal(common, SourceRange.Common(other, one));
    }
}
