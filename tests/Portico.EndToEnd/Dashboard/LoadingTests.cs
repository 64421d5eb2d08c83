using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Files and answers that do not arrive, as when the network of a device changes, or Portico is upgraded.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class LoadingTests(DashboardFixture dashboard)
{
    [Theory]
    [InlineData("**/_ui/app-*.js")]
    [InlineData("**/_ui/app-*.css")]
    [InlineData("**/_ui/chunk-*.js")]
    [InlineData("**/portico/v1/sessions")]
    [InlineData("**/portico/v1/sessions/current")]
    public async Task What_did_not_arrive_is_asked_for_again(string lost)
    {
        await using var context = await dashboard.BrowseAsync();
        var losses = 0;
        await context.RouteAsync(lost, async route =>
        {
            losses++;
            await route.AbortAsync("connectionaborted");
        }, new() { Times = 1 });
        var page = await dashboard.SignInAsync(context);
        Assert.Equal(1, losses);
        Assert.NotEqual("Times New Roman", await page.Locator("body").EvaluateAsync<string>("body => getComputedStyle(body).fontFamily"));
    }

    [Fact]
    public async Task A_link_that_works_once_outlives_a_page_that_loads_again_before_the_answer()
    {
        await using var context = await dashboard.BrowseAsync();
        await context.RouteAsync("**/_ui/app-*.css", route => route.AbortAsync("connectionaborted"), new() { Times = 1 });
        await context.RouteAsync("**/portico/v1/sessions", async route =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            await route.ContinueAsync();
        });
        await dashboard.SignInAsync(context);
    }

    [Fact]
    public async Task A_dashboard_that_stays_incomplete_says_so()
    {
        await using var context = await dashboard.BrowseAsync();
        await context.RouteAsync("**/_ui/app-*.js", route => route.AbortAsync("connectionaborted"));
        var page = await context.NewPageAsync();
        await page.VisitAsync(await dashboard.BaseAsync());
        await page.GetByText("The dashboard could not be loaded completely.").WaitForAsync();
    }

    [Fact]
    public async Task A_page_whose_code_did_not_arrive_loads_again_by_itself()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.RouteAsync("**/_ui/ServicePage-*", route => route.AbortAsync("connectionaborted"), new() { Times = 1 });
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = HelloApp.Name }).WaitForAsync();
    }

    [Fact]
    public async Task Changes_that_are_not_saved_outlive_a_page_whose_code_did_not_arrive()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).ClickAsync();
        await page.Locator("[data-new]").Last.FillAsync("UNSAVED");
        await page.RouteAsync("**/_ui/EventsTab-*", route => route.AbortAsync("connectionaborted"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await page.GetByText("This page cannot be loaded").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator("[data-new]").Last).ToHaveValueAsync("UNSAVED");
    }

    [Fact]
    public async Task A_page_whose_code_is_missing_after_an_upgrade_says_so_and_loads_again()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.RouteAsync("**/_ui/ServicePage-*", route => route.FulfillAsync(new() { Status = 404 }));
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByText("This page cannot be loaded").WaitForAsync();
        await page.UnrouteAsync("**/_ui/ServicePage-*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = HelloApp.Name }).WaitForAsync();
    }

    [Fact]
    public async Task A_start_that_fails_says_why_and_goes_on_by_itself()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/portico/v1/sessions/current", route => route.FulfillAsync(new() { Status = 429, Body = """{"message":"Too many requests: the limit is 5 per minute."}""" }));
        await page.VisitAsync(await dashboard.LinkAsync());
        await page.GetByText("Too many requests: the limit is 5 per minute.").WaitForAsync();
        await page.UnrouteAsync("**/portico/v1/sessions/current");
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).WaitForAsync();
    }
}
