using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Tests.Support;
using Portico.Cli.Up;

namespace Portico.Cli.Tests;

public sealed class RenderingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e]0;title\a", "]0;title")]
    [InlineData("over\rwritten\b", "overwritten")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("\e[", "")]
    public void Text_from_elsewhere_cannot_steer_the_terminal(string text, string shown) => Assert.Equal(shown, SafeText.Line(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal("abc…", SafeText.Line("abcdefgh", 4));

    [Fact]
    public void The_caret_stands_below_its_place_also_after_tabs_and_outside_of_the_text()
    {
        var text = new DiagnosticText(Style.Plain, "render.yaml", "a:\n\tb: 1\r\n");
        using var output = new StringWriter();
        text.Write(output, [Diagnostic(2, 2), Diagnostic(2, 99), Diagnostic(77, 1), Diagnostic(0, 0)]);
        Assert.Equal(
            "render.yaml:2:2: warning: odd [odd]\n    2 | \tb: 1\n      | \t^\n"
            + "render.yaml:2:99: warning: odd [odd]\n    2 | \tb: 1\n"
            + "render.yaml:77:1: warning: odd [odd]\n"
            + "render.yaml: warning: odd [odd]\n",
            output.ToString());
    }

    [Fact]
    public void A_summary_names_only_what_changes_and_why_it_is_deployed()
    {
        using var output = new StringWriter();
        PlanSummary.WriteChanges(output, Style.Plain, new BlueprintResult
        {
            Applied = true,
            Diagnostics = [],
            Changes = [new("database", "db", "unchanged"), new("service", "api", "update"), new("service", "web", "unchanged"), new("service", "idle", "unchanged")],
            Deploys = [new("api", "configuration changed"), new("web", "source changed")],
        });
        Assert.Equal(
            "  ~ service api  update, deploy: configuration changed\n  ~ service web  deploy: source changed\n", output.ToString());
    }

    [Fact]
    public void Colours_do_not_count_as_width()
    {
        using var output = new StringWriter();
        StatusTable.WriteAddresses(output, new Style(true), [Given.Service("api"), Given.Service("longer")]);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => SafeText.Line(line)).ToList();
        Assert.Equal(lines[1].IndexOf("web_service", StringComparison.Ordinal), lines[2].IndexOf("web_service", StringComparison.Ordinal));
        Assert.Contains('\e', output.ToString());
    }

    [Fact]
    public async Task The_live_view_shows_phase_time_and_the_last_line_of_what_is_slow()
    {
        using var output = new StringWriter();
        var status = Given.Service("api", "deploying", "build_in_progress", new("building", DateTimeOffset.UnixEpoch, "npm [warn] deprecated"));
        var tracked = new TrackedResource("api", status, Outcome.Of(status, TimeSpan.Zero), TimeSpan.FromSeconds(12.34));
        await new LiveProgress(output, colour: false).ShowAsync(show =>
        {
            show([tracked]);
            return Task.FromResult<IReadOnlyList<TrackedResource>>([tracked]);
        });
        var text = SafeText.Line(output.ToString());
        Assert.Matches(@"api\s+building\s+12\.3 s\s+npm \[warn\] deprecated", text);
    }

    [Theory]
    [InlineData("npm", "pnpm", true)]
    [InlineData("api", "api-gateway", true)]
    [InlineData("api", "web", false)]
    public void The_nearest_word_must_be_near(string given, string known, bool isNear) =>
        Assert.Equal(isNear ? known : null, Suggest.Nearest(given, [known]));

    private static BlueprintDiagnostic Diagnostic(int line, int column) => new("warning", "odd", "odd", "", line, column, null);
}
