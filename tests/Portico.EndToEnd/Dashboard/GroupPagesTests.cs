using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Env groups and secret files are made, linked, shown on demand and deleted with the mouse.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class GroupPagesTests(DashboardFixture dashboard)
{
    private const string Service = "grouped", Content = "-----BEGIN KEY-----";

    [Fact]
    public async Task A_group_has_variables_and_files_for_the_services_that_are_linked()
    {
        var platform = await dashboard.ReadyAsync();
        var repository = await LocalRepository.CreateAsync(platform, Service, LocalRepository.Server);
        (await platform.RunAsync(
            "create", "cron", Service, "--schedule", "0 3 * * *", "--repo", repository, "--runtime", "node", "--build-command", "true", "--start-command", "true")).ShouldSucceed();
        // Deploys change the network of the machine, and a browser then gives up what it is loading.
        (await platform.RunAsync("update", Service, "--auto-deploy-trigger", "off")).ShouldSucceed();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);

        await page.GetByRole(AriaRole.Link, new() { Name = "Env groups", Exact = true }).ClickAsync();
        await page.GetByLabel("New group").FillAsync("keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.IsAtAsync("/env-groups/evg-");
        await page.GetByLabel("Name of the new variable").FillAsync("LOG_LEVEL");
        await page.GetByLabel("Value of the new variable").FillAsync("debug");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Show the value of LOG_LEVEL" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Value of LOG_LEVEL" }).FillAsync("warning");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save LOG_LEVEL" }).ClickAsync();
        await page.GetByText("LOG_LEVEL is saved.").First.WaitForAsync();
        await AddFileAsync(page, "group.pem");
        await page.GetByLabel("Service to link").SelectOptionAsync(Service);
        await page.GetByRole(AriaRole.Button, new() { Name = "Link", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Linked services" }).GetByRole(AriaRole.Link, new() { Name = Service }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".env-group")).ToContainTextAsync("LOG_LEVEL");
        await Assertions.Expect(page.Locator(".env-group")).ToContainTextAsync("group.pem");
        await AddFileAsync(page, "own.pem");
        await page.ReloadAsync();
        await page.GetByText("own.pem").First.WaitForAsync();
        Assert.DoesNotContain(Content, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show or edit own.pem" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Content of own.pem")).ToHaveValueAsync(Content);
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unlink keys" }).ClickAsync();
        await ConfirmAsync(page, "Unlink");
        await Assertions.Expect(page.Locator(".env-group")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Env groups", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "keys", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete keys" }).ClickAsync();
        await ConfirmAsync(page, "Delete");
        await page.IsAtAsync("/env-groups$");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "keys", Exact = true })).ToHaveCountAsync(0);
        (await platform.RunAsync("delete", Service, "--yes")).ShouldSucceed();
    }

    private static async Task AddFileAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add secret file" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByLabel("Content of the new file").FillAsync(Content);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText($"{name} is saved.").First.WaitForAsync();
    }

    private static Task ConfirmAsync(IPage page, string action) =>
        page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
}
