using Portico.ControlPlane.Sources;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Sources;

public sealed class BuildFilterTests
{
    [Theory]
    [InlineData("src/**/*.js", "src/a/b/c.js", true)]
    [InlineData("src/**/*.js", "src/c.js", true)]
    [InlineData("src/*.js", "src/a/c.js", false)]
    [InlineData("docs", "docs/a/b.md", true)]
    [InlineData("docs/", "docs/a.md", true)]
    [InlineData("docs", "docs2/a.md", false)]
    [InlineData("**/*.md", "README.md", true)]
    [InlineData("[a].md", "a.md", false)]
    public void Patterns_match_as_on_Render(string pattern, string path, bool expected) =>
        Assert.Equal(expected, BuildFilter.Matches(pattern, path));

    [Fact]
    public void What_is_ignored_does_not_concern_a_service_even_in_its_paths()
    {
        var filter = new BuildFilterSettings(["src"], ["src/**/*.md"]);
        Assert.True(BuildFilter.Concerns("src/a.js", "", filter));
        Assert.False(BuildFilter.Concerns("src/a.md", "", filter));
        Assert.False(BuildFilter.Concerns("other/a.js", "", filter));
    }

    [Fact]
    public void Without_paths_the_root_directory_counts()
    {
        var filter = new BuildFilterSettings(null, ["**/*.md"]);
        Assert.True(BuildFilter.Concerns("api/a.js", "api", filter));
        Assert.False(BuildFilter.Concerns("web/a.js", "api", filter));
    }
}
