using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Resources are created, connected to, changed and deleted with the mouse.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class NewPagesTests(DashboardFixture dashboard)
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    [Fact]
    public async Task A_database_is_created_shows_its_URL_on_demand_and_is_deleted_by_its_name()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await NewAsync(context, "PostgreSQL");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("orders");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.IsAtAsync("/d/dpg-");
        await page.GetByRole(AriaRole.Heading, new() { Name = "orders", Exact = true }).WaitForAsync();
        await Assertions.Expect(page.Locator(".resource-title .status")).ToHaveTextAsync("Available", new() { Timeout = 90_000 });

        Assert.DoesNotContain("postgresql://", await page.ContentAsync(), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Show URLs and password" }).ClickAsync();
        await Assertions.Expect(page.Locator(".facts").First).ToContainTextAsync("postgresql://");
        await page.GetByRole(AriaRole.Button, new() { Name = "Hide", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Access from outside" }).FillAsync("203.0.113.7/32 the office\n\n198.51.100.0/24");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save allow list" }).ClickAsync();
        await page.GetByText("The allow list of orders is saved.").WaitForAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Textbox, new() { Name = "Access from outside" })).ToHaveValueAsync("203.0.113.7/32 the office\n198.51.100.0/24");
        await DeleteAsync(page, "orders");
    }

    [Fact]
    public async Task A_web_service_is_created_from_a_repository_with_its_variables_and_runs()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await NewAsync(context, "Web service");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("shop");
        await page.GetByLabel("Git repository").FillAsync(await LocalRepository.CreateAsync(platform, "shop", LocalRepository.Server));
        await page.GetByLabel("Build command").FillAsync("true");
        await page.GetByLabel("Start command").FillAsync("node server.js");
        await page.GetByLabel("Environment variables").FillAsync("GREETING=from the form\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and deploy" }).ClickAsync();
        await page.IsAtAsync("/web/srv-");
        await Assertions.Expect(page.Locator(".resource-title .status")).ToHaveTextAsync("Live", new() { Timeout = 90_000 });
        Assert.Equal("from the form", await platform.Http.GetStringAsync(platform.UrlOf("shop"), TestContext.Current.CancellationToken));

        // A change is shown before it is saved.
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByLabel("Auto-deploy").SelectOptionAsync("off");
        await page.GetByLabel("Health check path").FillAsync("/healthz");
        await Assertions.Expect(page.Locator(".field", new() { HasText = "Health check path" })).ToContainTextAsync("not set → /healthz");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("Saved.", new() { Exact = true }).WaitForAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Health check path")).ToHaveValueAsync("/healthz");
        await Assertions.Expect(page.GetByLabel("Auto-deploy")).ToHaveValueAsync("off");
        await page.GetByLabel("Number of instances").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Scale" }).ClickAsync();
        await page.GetByText("is scaled to 2").WaitForAsync();

        // What the API refuses is said where it was asked for.
        await page.GetByLabel("Mount path").FillAsync("/var/data");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add disk" }).ClickAsync();
        await Assertions.Expect(page.Locator(".disk-form")).ToContainTextAsync("Scale it to one first");
        await page.GetByLabel("Let the load decide how many run").CheckAsync();
        await page.GetByLabel("At most", new() { Exact = true }).FillAsync("4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save autoscaling" }).ClickAsync();
        await page.GetByText("scales itself between 1 and 4 instances").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("At most", new() { Exact = true })).ToHaveValueAsync("4");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("At most", new() { Exact = true })).ToHaveValueAsync("4");
        await DeleteAsync(page, "shop");
    }

    [Fact]
    public async Task The_form_guesses_from_the_repository_and_keeps_what_was_typed()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await NewAsync(context, "Static site");
        var repository = await LocalRepository.CreateAsync(platform, "recognized", ("package.json", """{ "dependencies": { "express": "5" }, "scripts": { "start": "node server.js" } }"""));
        await page.GetByLabel("Git repository").FillAsync(repository);
        await page.GetByRole(AriaRole.Link, new() { Name = "Create a web service instead" }).ClickAsync();

        await Assertions.Expect(page.GetByLabel("Git repository")).ToHaveValueAsync(repository);
        await page.GetByLabel("Start command").FillAsync("node --enable-source-maps server.js");
        await Assertions.Expect(page.GetByText("Recognized Express.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Build command")).ToHaveValueAsync("npm install");
        await Assertions.Expect(page.Locator(".field", new() { HasText = "Build command" })).ToContainTextAsync("Guessed:");
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("recognized");
        await Assertions.Expect(page.GetByLabel("Start command")).ToHaveValueAsync("node --enable-source-maps server.js");
        await Assertions.Expect(page.Locator(".field", new() { HasText = "Start command" })).Not.ToContainTextAsync("Guessed:");
        await page.GetByLabel("Build command").FillAsync("");
        await Assertions.Expect(page.GetByLabel("Build command")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task What_is_copied_does_what_the_form_would()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        await context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        var page = await NewAsync(context, "Web service");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("copied");
        await page.GetByLabel("Git repository").FillAsync(await LocalRepository.CreateAsync(platform, "copied", LocalRepository.Server));
        await page.GetByLabel("Branch").FillAsync("main");
        await page.GetByLabel("Build command").FillAsync("echo 'a build'");
        await page.GetByLabel("Start command").FillAsync("node server.js");
        await page.GetByLabel("Health check path").FillAsync("/healthz");
        await page.GetByLabel("Environment variables").FillAsync("GREETING=\"it's a form\"\n");
        var curl = await CopyAsync(page, "curl");
        var command = await CopyAsync(page, "portico command");
        platform.Write("copied/render.yaml", await CopyAsync(page, "render.yaml"));
        (await platform.RunAsync("blueprint", "validate", "copied/render.yaml")).ShouldSucceed();

        var list = $"{await dashboard.BaseAsync()}/v1/services?name=copied";
        var settings = new List<string>();
        foreach (var create in (Func<Task<CommandResult>>[])
        [
            () => platform.RunShellAsync(curl), () => platform.RunShellAsync($"{command} --detach"), () => platform.UpAsync("copied/render.yaml"),
        ])
        {
            (await create()).ShouldSucceed();
            settings.Add(SettingsOf((await platform.RunShellAsync($"curl -sS -H \"Authorization: Bearer $PORTICO_API_KEY\" '{list}'")).ShouldSucceed().Output));
            (await platform.RunAsync("delete", "copied", "--yes")).ShouldSucceed();
        }
        Assert.Contains("\"healthCheckPath\": \"/healthz\"", settings[0], StringComparison.Ordinal);
        Assert.Equal(settings[0], settings[1]);
        Assert.Equal(settings[0], settings[2]);
    }

    [Fact]
    public async Task What_the_API_refuses_is_shown_at_its_field_and_nothing_typed_is_lost()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await NewAsync(context, "Cron job");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("nightly");
        await page.GetByLabel("Git repository").FillAsync("https://example.com/app.git");
        await page.GetByLabel("Build command").FillAsync("true");
        await page.GetByLabel("Start command").FillAsync("node report.js");
        await page.GetByLabel("Schedule").FillAsync("every night");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and deploy" }).ClickAsync();
        var field = page.Locator(".field.bad");
        await Assertions.Expect(field).ToContainTextAsync("Schedule");
        await Assertions.Expect(page.GetByLabel("Schedule")).ToHaveValueAsync("every night");
        await Assertions.Expect(page.GetByLabel("Start command")).ToHaveValueAsync("node report.js");
    }

    [Fact]
    public async Task A_Key_Value_store_is_created()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await NewAsync(context, "Key Value");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("queue");
        await page.GetByLabel("When memory is full").SelectOptionAsync("noeviction");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        await page.IsAtAsync("/r/red-");
        await Assertions.Expect(page.Locator(".resource-title .status")).ToHaveTextAsync("Available", new() { Timeout = 90_000 });
        await Assertions.Expect(page.Locator(".facts").Last).ToContainTextAsync("noeviction");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show URLs and password" }).ClickAsync();
        await Assertions.Expect(page.Locator(".facts").First).ToContainTextAsync("redis");
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByLabel("When memory is full").SelectOptionAsync("volatile_ttl");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await page.GetByText("Saved.", new() { Exact = true }).WaitForAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("When memory is full")).ToHaveValueAsync("volatile_ttl");
        await DeleteAsync(page, "queue");
    }

    private async Task<IPage> NewAsync(IBrowserContext context, string kind)
    {
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = kind, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = $"New {kind}" }).WaitForAsync();
        return page;
    }

    private static async Task<string> CopyAsync(IPage page, string kind)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy as" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = kind, Exact = true }).ClickAsync();
        await page.GetByText($"Copied {kind}.", new() { Exact = true }).WaitForAsync();
        return await page.EvaluateAsync<string>("navigator.clipboard.readText()");
    }

    /// <summary>The only service of an answer, without what is its own: ids, times, and what is made of them.</summary>
    private static string SettingsOf(string answer)
    {
        var service = Assert.Single(JsonNode.Parse(answer)!.AsArray())!["service"]!.AsObject();
        foreach (var name in (string[])["id", "createdAt", "updatedAt", "slug", "dashboardUrl"])
            service.Remove(name);
        service["serviceDetails"]!.AsObject().Remove("openPorts");
        return service.ToJsonString(Readable);
    }

    private static async Task DeleteAsync(IPage page, string name)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Delete {name}" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true })).ToBeDisabledAsync();
        await dialog.GetByRole(AriaRole.Textbox).FillAsync(name);
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Services" }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true })).ToHaveCountAsync(0, new() { Timeout = 30_000 });
    }
}
