using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The charts in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class MetricsPageTests(DashboardFixture dashboard)
{
    private const int Requests = 100;

    [Fact]
    public async Task A_hundred_requests_are_counted_as_a_hundred()
    {
        var platform = await dashboard.ReadyAsync();
        for (var i = 0; i < Requests; i++)
            using (var response = await platform.Http.GetAsync(new Uri($"{platform.UrlOf(DashboardFixture.Site)}/?{i}"), TestContext.Current.CancellationToken))
                response.EnsureSuccessStatusCode();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context, DashboardFixture.Site);
        var chart = page.GetByRole(AriaRole.Region, new() { NameRegex = new("^Requests") });
        // A step of 30 seconds must end, and the page asks again every 30 seconds.
        await Assertions.Expect(chart.Locator(".legend dd")).ToHaveTextAsync($"{Requests}", new() { Timeout = 120_000 });

        await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
        await page.IsAtAsync("/metrics\\?view=table$");
        await Assertions.Expect(chart.GetByRole(AriaRole.Columnheader)).ToHaveTextAsync(["Time", "2xx"]);
        var counts = await chart.Locator("td").AllInnerTextsAsync();
        Assert.Equal(Requests, counts.Sum(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task The_range_is_in_the_address_and_one_cursor_moves_in_all_charts()
    {
        await using var context = await dashboard.BrowseAsync();
        var problems = new List<string>();
        context.Console += (_, message) => { if (message.Type == "error") problems.Add(message.Text); };
        var page = await OpenAsync(context, HelloApp.Name);
        var memory = page.GetByRole(AriaRole.Slider, new() { NameRegex = new("^Memory") });
        await memory.Locator("canvas").WaitForAsync(new() { Timeout = 60_000 });
        await memory.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        var times = page.Locator(".legend-time");
        Assert.True(await times.CountAsync() > 1);
        var time = await times.First.InnerTextAsync();
        Assert.Matches("[0-9]{2}:[0-9]{2}", time);
        foreach (var other in await times.AllInnerTextsAsync())
            Assert.Equal(time, other);

        await page.GetByRole(AriaRole.Button, new() { Name = "7 days" }).ClickAsync();
        await page.IsAtAsync("/metrics\\?range=7d$");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "7 days" })).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GetByRole(AriaRole.Heading, new() { Name = "What happened" }).WaitForAsync();
        await page.Locator(".events a", new() { HasText = "Deploy" }).First.ClickAsync();
        await page.IsAtAsync("/deploys/dep-");
        Assert.Empty(problems);
    }

    [Fact]
    public async Task Every_chart_has_values_or_says_why_not()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        foreach (var (name, first) in (IEnumerable<(string, string)>)[("failing", "CPU"), ("cache", "CPU"), (HelloApp.Name, "Requests")])
        {
            await page.VisitAsync(await dashboard.BaseAsync());
            await ShowAsync(page, name);
            var charts = page.Locator(".chart");
            await Assertions.Expect(charts.First.GetByRole(AriaRole.Heading)).ToContainTextAsync(first);
            foreach (var chart in await charts.AllAsync())
                await Assertions.Expect(chart.Locator(".plot canvas, .chart-empty")).ToBeVisibleAsync();
        }
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, string name)
    {
        var page = await dashboard.SignInAsync(context);
        await ShowAsync(page, name);
        return page;
    }

    private static async Task ShowAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
    }
}
