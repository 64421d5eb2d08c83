using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The custom domains and events of a service in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class DomainPagesTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task A_local_domain_is_served_at_once_and_no_longer_when_it_is_removed()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context, HelloApp.Name);
        var name = $"shop-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}.localhost";
        await AddAsync(page, name);
        var card = Card(page, name);
        await Assertions.Expect(card.Locator(".chain li").Last).ToContainTextAsync("Served done");
        await Eventually(async () => await platform.Http.GetStringAsync(new Uri($"http://{name}:{platform.Port}"), Token) == "hello");

        await RemoveAsync(page, name);
        await Assertions.Expect(card).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_domain_that_DNS_does_not_know_says_so_and_has_records_to_copy()
    {
        await using var context = await dashboard.BrowseAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await OpenAsync(context, HelloApp.Name);
        var name = $"shop-{Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)}.example.com";
        await AddAsync(page, name);
        var card = Card(page, name);
        await Assertions.Expect(card.Locator(".chain .missing")).ToContainTextAsync("In DNS");
        await Assertions.Expect(card).ToContainTextAsync("DNS has no address for it.");
        var record = card.GetByRole(AriaRole.Row).Nth(1);
        await record.GetByRole(AriaRole.Button, new() { Name = "Copy value" }).ClickAsync();
        Assert.Equal(await record.Locator("code").Last.InnerTextAsync(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await card.GetByRole(AriaRole.Button, new() { Name = "Check now" }).ClickAsync();
        await Assertions.Expect(card.Locator(".chain .missing")).ToContainTextAsync("In DNS");

        // A name that a service has already is refused at the field.
        await AddAsync(page, name);
        await Assertions.Expect(page.Locator(".domain-form").GetByRole(AriaRole.Alert)).ToContainTextAsync("is already a custom domain");
        await RemoveAsync(page, name);
        await Assertions.Expect(card).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Events_can_be_chosen_by_what_they_are_about_and_lead_to_their_deploy()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        var deploys = page.Locator(".events a", new() { HasText = "Deploy ended" });
        await deploys.First.WaitForAsync();
        await page.GetByLabel("About").SelectOptionAsync("Runs");
        await Assertions.Expect(deploys).ToHaveCountAsync(0);
        await page.GetByLabel("About").SelectOptionAsync("Deploys");
        await page.IsAtAsync("/events\\?about=Deploys$");
        await deploys.Last.ClickAsync();
        await page.IsAtAsync("/deploys/dep-");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static ILocator Card(IPage page, string name) => page.Locator(".domains > li", new() { HasText = name });

    private static async Task AddAsync(IPage page, string name)
    {
        await page.GetByLabel("Domain", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add domain" }).ClickAsync();
    }

    private static async Task RemoveAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {name}" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
    }

    private static Task Eventually(Func<Task<bool>> condition) => Testing.Eventually.TrueAsync(async () =>
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }, TimeSpan.FromSeconds(30), "the domain is served");

    private async Task<IPage> OpenAsync(IBrowserContext context, string service)
    {
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = service, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Domains", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Custom domains" }).WaitForAsync();
        return page;
    }
}
