using Portico.Api.Contracts.Platform;
using Portico.Blueprint.Diagnostics;
using Portico.Cli.Rendering;
using Portico.Cli.Tests.Support;
using Portico.Cli.Up;
using Portico.Hosting;
using Spectre.Console;
using Style = Portico.Cli.Hosting.Style;

namespace Portico.Cli.Tests;

public sealed class RenderingTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e]0;title\a", "")]
    [InlineData("a\e]52;c;aGk=\e\\b", "ab")]
    [InlineData("a\e]8;;http://evil\aclick\e]8;;\ab", "aclickb")]
    [InlineData("a\u009b2Jb", "ab")]
    [InlineData("a\u009d0;title\u009cb", "ab")]
    [InlineData("a\eP+q544e\e\\b", "ab")]
    [InlineData("a\e(0b\ec", "ab")]
    [InlineData("a\e[6nb\e[?1049hc\e[3;1Hd", "abcd")]
    [InlineData("a\e]0;never ended", "a")]
    [InlineData("a\e", "a")]
    [InlineData("over\rwritten\b", "overwritten")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("\e[", "")]
    public void Text_from_elsewhere_cannot_steer_the_terminal(string text, string shown) => Assert.Equal(shown, TerminalText.Line(text));

    [Theory]
    [InlineData("\e[31mred\e[0m", "\e[31mred\e[0m\e[0m", "red")]
    [InlineData("\e[38;2;1;2;3mrgb", "\e[38;2;1;2;3mrgb\e[0m", "rgb")]
    [InlineData("\e[1A\e[2K\e[32mok", "\e[32mok\e[0m", "ok")]
    [InlineData("\e[>4;1m\e]0;t\ax", "x", "x")]
    [InlineData(" 10%\r 20%\r 100%\r", " 100%", " 100%")]
    [InlineData("plain", "plain", "plain")]
    public void Of_what_an_app_prints_only_colours_reach_the_terminal(string text, string coloured, string plain)
    {
        Assert.Equal(coloured, TerminalText.Output(text, coloured: true));
        Assert.Equal(plain, TerminalText.Output(text, coloured: false));
    }

    [Fact]
    public void Long_text_is_cut() => Assert.Equal("abc…", TerminalText.Line("abcdefgh", 4));

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
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => TerminalText.Line(line)).ToList();
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
        var text = TerminalText.Line(output.ToString());
        Assert.Matches(@"api\s+building\s+12\.3 s\s+npm \[warn\] deprecated", text);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    [InlineData(20)]
    public void Progress_fits_into_the_terminal_and_shows_name_phase_and_time_of_each(int width)
    {
        var log = string.Join(' ', Enumerable.Repeat("npm warn deprecated", 20));
        var building = Given.Service("frontend-of-the-shop", "deploying", "build_in_progress", new("building", DateTimeOffset.UnixEpoch, log));
        var waiting = Given.Service("api", "deploying", "queued", new("waiting for guestbook-db and for the build before it", DateTimeOffset.UnixEpoch, null));
        TrackedResource[] resources =
        [
            new(building.Name, building, Outcome.Of(building, TimeSpan.Zero), TimeSpan.FromSeconds(123.4)),
            new(waiting.Name, waiting, Outcome.Of(waiting, TimeSpan.Zero), TimeSpan.FromSeconds(1)),
            new("db", Given.Database("db"), Outcome.Of(Given.Database("db"), TimeSpan.Zero), TimeSpan.FromSeconds(2)),
        ];
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = width;

        console.Write(new LiveProgress(output, colour: false).Draw(resources, width));

        var lines = output.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()).ToList();
        Assert.All(lines, line => Assert.True(line.Length < Math.Max(width, 32), line));
        if (width < 60)
            return;
        Assert.Matches("frontend-of-the-shop +building +123.4 s", lines[0]);
        Assert.Contains(lines, line => line.Contains("api ", StringComparison.Ordinal) && line.Contains(" waiting for ", StringComparison.Ordinal) && line.Contains(" 1.0 s", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("✓ db", StringComparison.Ordinal) && line.Contains("available", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("npm warn deprecated", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(null)]
    public void A_table_leaves_out_columns_rather_than_wrapping(int? width)
    {
        using var output = new StringWriter();

        StatusTable.WriteAll(output, Style.Plain, [Given.Service("frontend"), Given.Database("shop-db")], [], width);

        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.True(line.Length <= (width ?? int.MaxValue), line));
        Assert.Matches("NAME +.*STATUS +URL", lines[0]);
        Assert.Equal(width is null, lines[0].Contains("INSTANCES", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("stauts", "status", true)]
    [InlineData("npm", "pnpm", true)]
    [InlineData("api", "api-gateway", true)]
    [InlineData("api", "web", false)]
    public void The_nearest_word_must_be_near(string given, string known, bool isNear) =>
        Assert.Equal(isNear ? known : null, Suggest.Nearest(given, [known]));

    private static BlueprintDiagnostic Diagnostic(int line, int column) => new("warning", "odd", "odd", "", line, column, null);
}
