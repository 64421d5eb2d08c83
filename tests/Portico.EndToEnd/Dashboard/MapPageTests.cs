using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The map in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class MapPageTests(DashboardFixture dashboard)
{
    private const int Requests = 100;

    [Fact]
    public async Task It_shows_references_and_the_table_shows_the_same()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await Node(page, "failing").ClickAsync();
        await page.IsAtAsync("/map\\?node=srv-");
        // What is chosen is part of the address.
        await page.ReloadAsync();
        var details = page.GetByRole(AriaRole.Region, new() { Name = "References of failing" });
        await Assertions.Expect(details).ToContainTextAsync("REDIS_URL = connectionString");
        await Assertions.Expect(page.Locator(".map-edge text", new() { HasText = "REDIS_URL" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "failing REDIS_URL = connectionString cache works" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Row, new() { NameRegex = new("^failing") }).GetByRole(AriaRole.Link, new() { Name = "cache" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "cache" }).WaitForAsync();
    }

    [Fact]
    public async Task Arrow_keys_follow_the_references()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await Node(page, "failing").FocusAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(Node(page, "cache")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Assertions.Expect(Node(page, "failing")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Region, new() { Name = "References of failing" }).WaitForAsync();
    }

    [Fact]
    public async Task A_hundred_requests_from_outside_are_counted_as_a_hundred()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await Node(page, DashboardFixture.Mapped).ClickAsync();
        for (var i = 0; i < Requests; i++)
            using (var response = await platform.Http.GetAsync(new Uri($"{platform.UrlOf(DashboardFixture.Mapped)}/?{i}"), TestContext.Current.CancellationToken))
                response.EnsureSuccessStatusCode();
        // The minute must be complete, and the edge writes its counts every few seconds.
        var details = page.GetByRole(AriaRole.Region, new() { Name = $"References of {DashboardFixture.Mapped}" });
        await Assertions.Expect(details).ToContainTextAsync($"{Requests} requests in the last minute", new() { Timeout = 120_000 });
        await Assertions.Expect(page.Locator(".map-edge.busy text").First).ToContainTextAsync("/s");
    }

    private static ILocator Node(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { NameRegex = new($"^{name}\\b") });

    private async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await dashboard.SignInAsync(context);
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("m");
        await page.IsAtAsync("/map$");
        await Node(page, "failing").WaitForAsync();
        return page;
    }
}
