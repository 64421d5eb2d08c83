using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The log explorer in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class LogPagesTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task New_lines_come_by_themselves_and_holding_keeps_what_is_read()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow" }).And(page.Locator("[aria-pressed=true]")).WaitForAsync();
        await AskAsync(platform, "first");
        await Line(page, "/first").WaitForAsync();

        await page.Keyboard.PressAsync("f");
        await page.Locator("[aria-pressed=false]").WaitForAsync();
        await AskAsync(platform, "second");
        await page.Keyboard.PressAsync("f");
        await Line(page, "/second").WaitForAsync();
        await Assertions.Expect(Line(page, "/second")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Only_who_scrolls_back_stops_following()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        for (var i = 0; i < 9; i++)
            await AskAsync(platform, $"scroll-{i}");
        await Line(page, "scroll-8").WaitForAsync();
        var isFollowing = page.GetByRole(AriaRole.Button, new() { Name = "Follow" }).And(page.Locator("[aria-pressed=true]"));
        await isFollowing.WaitForAsync();
        var list = page.GetByRole(AriaRole.List, new() { Name = "Log lines" });
        // The list becomes smaller before the browser tells of its last scrolling.
        await list.EvaluateAsync("list => { list.style.flex = 'none'; list.style.minHeight = 0; list.style.height = '60px'; list.dispatchEvent(new Event('scroll')); }");
        await page.WaitForFunctionAsync("list => list.scrollHeight - list.clientHeight - list.scrollTop < 2", await list.ElementHandleAsync());
        Assert.True(await isFollowing.IsVisibleAsync());
        await list.EvaluateAsync("list => list.scrollTop = 0");
        await page.Locator("[aria-pressed=false]").WaitForAsync();
    }

    [Fact]
    public async Task A_link_to_a_line_opens_at_it_and_shows_what_is_around()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        for (var i = 0; i < 5; i++)
            await AskAsync(platform, $"walk-{i}");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("walk-2");
        await page.IsAtAsync("q=walk-2");
        await Assertions.Expect(page.Locator(".log-line")).ToHaveCountAsync(1);
        await Line(page, "walk-2").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Line", Exact = true })).ToContainTextAsync("walk-2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the lines around it" }).ClickAsync();
        await Line(page, "walk-3").WaitForAsync();
        var link = page.Url;
        Assert.Matches(new Regex(@"\?at=\d{19}$"), link);

        await using var other = await dashboard.BrowseAsync();
        var reader = await dashboard.SignInAsync(other);
        await reader.VisitAsync(link);
        await Assertions.Expect(reader.Locator(".log-line.chosen")).ToContainTextAsync("walk-2");
        await Line(reader, "walk-1").WaitForAsync();
        await Assertions.Expect(reader.Locator(".log-line.chosen")).ToBeInViewportAsync();
    }

    [Fact]
    public async Task A_download_has_the_lines_that_match()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        for (var i = 0; i < 3; i++)
            await AskAsync(platform, $"saved-{i}");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("saved-");
        await Assertions.Expect(page.Locator(".log-line")).ToHaveCountAsync(3);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal(3, (await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task The_histogram_leads_to_a_time_by_mouse_and_by_key()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        var slider = page.GetByRole(AriaRole.Slider, new() { Name = "Time" });
        await slider.Locator("rect.info").First.WaitForAsync();
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Locator("[aria-pressed=false]").WaitForAsync();
        await slider.ClickAsync(new() { Position = new() { X = 5, Y = 10 } });
        await page.Locator(".log-line").First.WaitForAsync();
    }

    private static ILocator Line(IPage page, string text) => page.Locator(".log-line", new() { HasText = text });

    private static async Task AskAsync(TestPlatform platform, string path) => await platform.Http.GetAsync(new Uri($"{platform.UrlOf(HelloApp.Name)}/{path}"), TestContext.Current.CancellationToken);

    private async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await dashboard.SignInAsync(context);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("l");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Logs" }).WaitForAsync();
        await page.Locator(".log-line").First.WaitForAsync();
        return page;
    }
}
