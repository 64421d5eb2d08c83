using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The pages of deploys in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class DeployPagesTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task A_failed_deploy_says_which_step_failed_and_why_and_shows_its_log()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "failing", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploys", Exact = true }).ClickAsync();
        await page.Locator(".deploys li.bad a").First.ClickAsync();
        await page.IsAtAsync("/worker/srv-[^/]+/deploys/dep-");

        await Assertions.Expect(page.Locator(".steps li.failed .step-name")).ToHaveTextAsync("Start and switch");
        await Assertions.Expect(page.Locator(".failure-box").First).ToContainTextAsync("exited with code 1");
        await page.Locator(".log-line", new() { HasText = "==> Deploy failed" }).First.WaitForAsync();
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        // Numbers lead to the tabs.
        await page.Keyboard.PressAsync("3");
        await page.IsAtAsync("/logs$");
        await page.Locator(".log-line", new() { HasText = DashboardFixture.Hostile }).First.WaitForAsync();
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        Assert.Null(await page.EvaluateAsync<int?>("window.owned"));
    }

    [Fact]
    public async Task A_rollback_says_what_goes_before_it_happens_and_its_steps_come_live()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploys", Exact = true }).ClickAsync();
        var deploys = page.Locator(".deploys li");
        await deploys.First.WaitForAsync();
        var before = await deploys.CountAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }).ClickAsync();
        await Assertions.Expect(deploys).ToHaveCountAsync(before + 1);
        await Assertions.Expect(deploys.First.GetByText("Live", new() { Exact = true })).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await deploys.Nth(1).GetByRole(AriaRole.Link).ClickAsync();
        await page.IsAtAsync("/deploys/dep-");
        var target = page.Url.Split('/')[^1];
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back to this" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("Neither a build nor the pre-deploy command runs.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Roll back" }).ClickAsync();
        // It leads to the new deploy, whose steps change without a reload.
        await page.IsAtAsync($"/deploys/dep-(?!{target[4..]}$)");
        await Assertions.Expect(page.Locator(".deploy-head")).ToContainTextAsync($"rolled back to {target}");
        await Assertions.Expect(page.Locator(".steps li.succeeded .step-name")).ToHaveTextAsync(["Queue and source", "Start and switch"], new() { Timeout = 60_000 });
        await page.Locator(".log-line", new() { HasText = "Your service is live" }).First.WaitForAsync();
    }
}
