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

    [Theory]
    [InlineData("lib/src/**", null, true)]
    [InlineData("lib/**", null, true)]
    [InlineData("lib/src/main.js", null, true)]
    [InlineData("lib", null, true)]
    [InlineData("**/*.js", null, true)]
    [InlineData("*/src", null, true)]
    [InlineData("library/**", null, false)]
    [InlineData("src/**", null, false)]
    [InlineData("*.js", null, false)]
    [InlineData(null, "lib", false)]
    [InlineData(null, "lib/**", false)]
    [InlineData(null, "**/*", false)]
    [InlineData(null, "lib/docs/**", true)]
    [InlineData(null, "**/*.md", true)]
    [InlineData(null, "lib/*", true)]
    [InlineData("lib/src/**", "lib/**", false)]
    [InlineData("lib/src/**", "lib/src/*.md", true)]
    public void A_changed_submodule_counts_as_a_change_of_everything_below_it(string? path, string? ignored, bool expected) => Assert.Equal(
        expected, BuildFilter.ConcernsSubmodule("lib", "", new BuildFilterSettings(path is null ? null : [path], ignored is null ? null : [ignored])));

    [Theory]
    [InlineData("lib", true)]
    [InlineData("lib/app", true)]
    [InlineData("vendor", false)]
    [InlineData("library", false)]
    public void A_root_directory_inside_of_a_submodule_is_concerned_by_it(string root, bool expected)
    {
        var filter = new BuildFilterSettings(null, ["**/*.md"]);
        Assert.Equal(expected, BuildFilter.ConcernsSubmodule("lib", root, filter));
        Assert.True(BuildFilter.ConcernsSubmodule("vendor/lib", "vendor", filter));
    }
}
