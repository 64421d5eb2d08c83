using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The variables of a service in a real browser. Each test uses keys of its own.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class EnvironmentPageTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task Variables_are_imported_saved_without_a_deploy_and_hidden_until_asked_for()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await page.GetByRole(AriaRole.Button, new() { Name = "Import .env" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Content of the .env file").FillAsync($"# saved\nexport SAVED_A=one # a comment\nSAVED_B=\"two\\nlines\"\nSAVED_C='{DashboardFixture.Hostile.Replace("'", "", StringComparison.Ordinal)}'\nstrange line\n");
        await Assertions.Expect(dialog).ToContainTextAsync("3 added. Nothing is saved yet.");
        await Assertions.Expect(dialog).ToContainTextAsync("Not a variable: line 5.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true }).ClickAsync();
        await Assertions.Expect(Bar(page)).ToContainTextAsync("3 added");
        var deploys = await CountDeploysAsync();
        await Bar(page).GetByRole(AriaRole.Button, new() { Name = "Save only" }).ClickAsync();
        await page.GetByText("The newest deploy does not have all saved changes.").WaitForAsync();
        await Assertions.Expect(Bar(page)).ToHaveCountAsync(0);
        Assert.Equal(deploys, await CountDeploysAsync());

        await page.ReloadAsync();
        var shown = page.GetByRole(AriaRole.Button, new() { Name = "Show the value of SAVED_A" });
        await shown.WaitForAsync();
        Assert.Equal(0, await Value(page, "SAVED_A").CountAsync());
        await shown.ClickAsync();
        await Assertions.Expect(Value(page, "SAVED_A")).ToHaveValueAsync("one");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show values" }).ClickAsync();
        await Assertions.Expect(Value(page, "SAVED_B")).ToHaveValueAsync("two\nlines");
        await Assertions.Expect(Value(page, "SAVED_C")).ToHaveValueAsync(DashboardFixture.Hostile);
        Assert.Equal(0, await page.Locator("main img").CountAsync());
    }

    [Fact]
    public async Task A_changed_variable_is_deployed_and_the_app_has_it()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await AddAsync(page, "DEPLOYED", "by the browser");
        await Bar(page).GetByRole(AriaRole.Button, new() { Name = "Save and deploy", Exact = true }).ClickAsync();
        await page.IsAtAsync("/deploys/dep-");
        await Assertions.Expect(page.Locator(".steps li.succeeded .step-name")).ToHaveTextAsync(["Queue and source", "Start and switch"], new() { Timeout = 60_000 });
        var platform = await dashboard.ReadyAsync();
        var run = (await platform.RunAsync("run", HelloApp.Name, "--", "printenv", "DEPLOYED")).ShouldSucceed();
        Assert.Contains("by the browser", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_people_who_edit_see_both_versions_and_lose_nothing()
    {
        await using var one = await dashboard.BrowseAsync();
        await using var other = await dashboard.BrowseAsync();
        var first = await OpenAsync(one);
        await AddAsync(first, "SHARED_KEY", "before");
        await Bar(first).GetByRole(AriaRole.Button, new() { Name = "Save only" }).ClickAsync();
        await Assertions.Expect(Bar(first)).ToHaveCountAsync(0);
        var second = await OpenAsync(other);
        await EditAsync(second, "SHARED_KEY", "of the second");
        await EditAsync(first, "SHARED_KEY", "of the first");
        await Bar(first).GetByRole(AriaRole.Button, new() { Name = "Save only" }).ClickAsync();
        await Assertions.Expect(Bar(first)).ToHaveCountAsync(0);

        await Bar(second).GetByRole(AriaRole.Button, new() { Name = "Save only" }).ClickAsync();
        await Assertions.Expect(Bar(second).GetByRole(AriaRole.Alert)).ToContainTextAsync("have changed since you read them");
        await Assertions.Expect(Value(second, "SHARED_KEY")).ToHaveValueAsync("of the second");
        await second.GetByRole(AriaRole.Button, new() { Name = "Keep my changes and show the present values" }).ClickAsync();
        await Assertions.Expect(second.Locator(".variable", new() { Has = Value(second, "SHARED_KEY") })).ToContainTextAsync("Another user has changed it");
        await Assertions.Expect(Value(second, "SHARED_KEY")).ToHaveValueAsync("of the second");
        await Bar(second).GetByRole(AriaRole.Button, new() { Name = "Save only" }).ClickAsync();
        await Assertions.Expect(Bar(second)).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_was_typed_survives_other_pages_and_the_command_is_the_request()
    {
        await using var context = await dashboard.BrowseAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await OpenAsync(context);
        await AddAsync(page, "KEPT", "it's mine");
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploys", Exact = true }).ClickAsync();
        await page.Locator(".deploys a").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }).ClickAsync();
        await Assertions.Expect(Value(page, "KEPT")).ToHaveValueAsync("it's mine");
        await Bar(page).GetByRole(AriaRole.Button, new() { Name = "Copy as curl" }).ClickAsync();
        await page.GetByText("Copied command.").WaitForAsync();
        var command = await page.EvaluateAsync<string>("navigator.clipboard.readText()");
        var platform = await dashboard.ReadyAsync();
        var key = (await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), TestContext.Current.CancellationToken)).Trim();
        using var shell = new CommandRun("sh", ["-c", command.Replace("\"deploy\"", "\"save\"", StringComparison.Ordinal)], new Dictionary<string, string?> { ["PORTICO_API_KEY"] = key }, platform.App);
        Assert.Contains("it's mine", (await shell.EndAsync(TimeSpan.FromSeconds(30))).ShouldSucceed().Output, StringComparison.Ordinal);
    }

    private static ILocator Bar(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Changes that are not saved" });

    private static ILocator Value(IPage page, string key) => page.GetByRole(AriaRole.Textbox, new() { Name = $"Value of {key}", Exact = true });

    private static async Task AddAsync(IPage page, string key, string value)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).ClickAsync();
        await page.GetByLabel("Name of the new variable").FillAsync(key);
        await Value(page, key).FillAsync(value);
        await Bar(page).WaitForAsync();
    }

    private static async Task EditAsync(IPage page, string key, string value)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = $"Show the value of {key}" }).ClickAsync();
        await Value(page, key).FillAsync(value);
    }

    private async Task<int> CountDeploysAsync()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Deploys", Exact = true }).ClickAsync();
        await page.Locator(".deploys a").First.WaitForAsync();
        return await page.Locator(".deploys li").CountAsync();
    }

    private async Task<IPage> OpenAsync(IBrowserContext context)
    {
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }).WaitForAsync();
        return page;
    }
}
