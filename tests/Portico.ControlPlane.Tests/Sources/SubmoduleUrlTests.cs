using Portico.ControlPlane.Sources;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Tests.Sources;

public sealed class SubmoduleUrlTests
{
    [Theory]
    [InlineData("../lib.git", "https://example.org/me/app.git", "https://example.org/me/lib.git")]
    [InlineData("../../you/lib", "https://example.org/me/app.git/", "https://example.org/you/lib")]
    [InlineData("./lib", "https://example.org/me/app.git", "https://example.org/me/app.git/lib")]
    [InlineData("../../lib", "https://example.org:8443/me/app", "https://example.org:8443/lib")]
    [InlineData("../../../lib", "https://example.org/me/app", null)]
    [InlineData("../a/../../lib", "https://example.org/me/app", null)]
    [InlineData("../lib.git", "git@example.org:me/app.git", "git@example.org:me/lib.git")]
    [InlineData("../../you/lib", "git@example.org:me/app.git", "git@example.org:you/lib")]
    [InlineData("../../../lib", "git@example.org:me/app.git", null)]
    [InlineData("../", "https://example.org/me/app", null)]
    public void A_relative_address_is_seen_from_the_repository_that_names_it(string text, string against, string? expected) =>
        Assert.Equal(expected, SubmoduleUrl.Resolve(text, against));

    [Theory]
    [InlineData("https://example.org/me/lib.git", true)]
    [InlineData("HTTP://example.org/me/lib.git", true)]
    [InlineData("ssh://git@example.org/me/lib.git", true)]
    [InlineData("git@example.org:me/lib.git", true)]
    [InlineData("git@example.org::me", false)]
    [InlineData("-oProxyCommand=x@example.org:me", false)]
    [InlineData("git@example.org:-x", false)]
    [InlineData("ext::sh -c x", false)]
    [InlineData("fd::17", false)]
    [InlineData("file:///srv/lib.git", false)]
    [InlineData("file:srv", false)]
    [InlineData("/srv/lib.git", false)]
    [InlineData("lib.git", false)]
    [InlineData("ftp://example.org/lib.git", false)]
    [InlineData("https:///lib.git", false)]
    [InlineData("https://example.org/a b", false)]
    [InlineData("https://example.org/a\nb", false)]
    [InlineData("", false)]
    public void Only_what_leads_over_a_network_in_a_known_way_is_followed(string url, bool followed) =>
        Assert.Equal(followed, SubmoduleUrl.IsFollowed(url));

    [Theory]
    [InlineData("https://example.org/lib", "https://me:x@example.org/app", "https://me:x@example.org/lib")]
    [InlineData("https://you@example.org/lib", "https://me:x@example.org/app", "https://you@example.org/lib")]
    [InlineData("https://example.com/lib", "https://me:x@example.org/app", "https://example.com/lib")]
    [InlineData("https://example.org:444/lib", "https://me:x@example.org/app", "https://example.org:444/lib")]
    [InlineData("http://example.org/lib", "https://me:x@example.org/app", "http://example.org/lib")]
    [InlineData("https://example.org.evil.net/lib", "https://me:x@example.org/app", "https://example.org.evil.net/lib")]
    [InlineData("git@example.org:lib", "https://me:x@example.org/app", "git@example.org:lib")]
    [InlineData("https://example.org/lib", "git@example.org:app", "https://example.org/lib")]
    public void Access_goes_to_the_same_port_of_the_same_host_alone(string url, string other, string expected) =>
        Assert.Equal(expected, GitUrl.WithAccessOf(url, other));
}
