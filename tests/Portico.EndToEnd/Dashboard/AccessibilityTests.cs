using System.Text.Json;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

/// <summary>axe finds nothing on any page, in light and dark, on narrow and wide screens, and nothing is cut off.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class AccessibilityTests(DashboardFixture dashboard)
{
    private const int Height = 800;

    private const string Check = """
        async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
          .map(found => `${found.id}: ${found.nodes.map(node => node.target.join(' ')).slice(0, 5).join(', ')}`)
        """;

    public static TheoryData<string> Pages =>
    [
        "signin", "services", HelloApp.Name, "failing", "cache", "deploys", "deploy", "logs", "environment", "import", "settings", "new", "new-service",
        "new-database", "connections", "delete", "palette", "keys", "menu", "confirm", "metrics", "metrics-table", "store-metrics", "domains", "events", "map", "map-table", "shell", "jobs", "runs",
        "groups", "group", "secret-file", "store-settings", "scaling", "members", "access", "notifications", "audit",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_no_violation(string name)
    {
        var axe = await File.ReadAllTextAsync(Path.Combine(await DashboardPackages.InstallAsync(), "node_modules", "axe-core", "axe.min.js"), TestContext.Current.CancellationToken);
        var page = await OpenAsync(name);
        await page.EvaluateAsync(axe);
        foreach (var width in (int[])[360, 768, 1440])
        {
            await page.SetViewportSizeAsync(width, Height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                await page.ScreenshotAsync(new() { Path = SourceTree.PathOf("artifacts", "TestResults", "dashboard", $"{name}-{scheme}-{width}.png") });
                var violations = await page.EvaluateAsync<JsonElement>(Check);
                Assert.True(violations.GetArrayLength() == 0, $"{width} px, {scheme}: {violations}");
            }
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"The page is wider than a screen of {width} px.");
        }
        await page.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string name)
    {
        if (name != "signin")
        {
            var open = await dashboard.OpenSharedAsync();
            await open.SetViewportSizeAsync(360, Height);
            await ShowAsync(open, name);
            return open;
        }
        var page = await (await dashboard.BrowseAsync()).NewPageAsync();
        await page.VisitAsync($"{await dashboard.BaseAsync()}/signin");
        await page.GetByLabel("API key").WaitForAsync();
        return page;
    }

    private async Task ShowAsync(IPage page, string name)
    {
        switch (name)
        {
            case "palette" or "keys":
                await page.Keyboard.PressAsync(name == "palette" ? "Control+k" : "?");
                await page.GetByRole(AriaRole.Dialog).WaitForAsync();
                break;
            case "menu":
                await page.GetByRole(AriaRole.Button, new() { Name = $"Actions of {HelloApp.Name}" }).ClickAsync();
                await page.GetByRole(AriaRole.Menu).WaitForAsync();
                break;
            case "confirm":
                await page.GetByRole(AriaRole.Button, new() { Name = $"Actions of {HelloApp.Name}" }).ClickAsync();
                await page.GetByRole(AriaRole.Menuitem, new() { Name = "Suspend" }).ClickAsync();
                await page.GetByRole(AriaRole.Dialog).WaitForAsync();
                break;
            case "services":
                break;
            case "logs":
                await page.GetByRole(AriaRole.Link, new() { Name = "Logs", Exact = true }).ClickAsync();
                await page.Locator(".log-time").Last.ClickAsync();
                await page.GetByRole(AriaRole.Region, new() { Name = "Line", Exact = true }).WaitForAsync();
                await page.Locator(".histogram rect").First.WaitForAsync();
                break;
            case "deploys" or "deploy":
                await page.GetByRole(AriaRole.Link, new() { Name = "failing", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Link, new() { Name = "Deploys", Exact = true }).ClickAsync();
                await page.Locator(".deploys a").First.WaitForAsync();
                if (name == "deploys")
                    break;
                await page.Locator(".deploys a").First.ClickAsync();
                await page.Locator(".log-line").First.WaitForAsync();
                break;
            case "environment" or "import":
                await TabAsync(page, "Environment");
                await page.GetByRole(AriaRole.Button, new() { Name = name == "import" ? "Import .env" : "Add variable" }).ClickAsync();
                if (name == "import")
                    break;
                await page.GetByLabel("Name of the new variable").FillAsync("A_NAME_THAT_IS_RATHER_LONG_FOR_A_NARROW_SCREEN");
                await page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Value of A_NAME") }).FillAsync("postgres://user:password@host.example.com:5432/a-database");
                await page.Locator(".save-bar").WaitForAsync();
                break;
            case "groups" or "group":
                await page.GetByRole(AriaRole.Link, new() { Name = "Env groups", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Link, new() { Name = "common", Exact = true }).WaitForAsync();
                if (name == "groups")
                    break;
                await page.GetByRole(AriaRole.Link, new() { Name = "common", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Show the value") }).ClickAsync();
                await page.GetByRole(AriaRole.Textbox, new() { NameRegex = new("^Value of A_NAME") }).FillAsync("postgres://user:password@host.example.com:5432/a-database");
                break;
            case "members" or "access" or "notifications" or "audit":
                await page.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
                await page.GetByLabel("E-mail address").FillAsync("somebody.with.a.long.name@a-long-domain.example.com");
                if (name != "members")
                    await page.GetByRole(AriaRole.Link, new() { Name = name switch { "access" => "Keys and sessions", "audit" => "Audit log", _ => "Notifications" }, Exact = true }).ClickAsync();
                await page.Locator(name == "notifications" ? "#level" : ".people li").First.WaitForAsync();
                break;
            case "store-settings":
                await TabAsync(page, "Settings", "cache");
                await page.GetByRole(AriaRole.Textbox, new() { Name = "Access from outside" }).FillAsync("203.0.113.7/32 an office with a name that is rather long for a narrow screen");
                break;
            case "scaling":
                await TabAsync(page, "Settings");
                await page.GetByLabel("Let the load decide how many run").CheckAsync();
                await page.GetByLabel("Mount path").FillAsync("/var/data");
                break;
            case "secret-file":
                await TabAsync(page, "Environment");
                await page.GetByRole(AriaRole.Button, new() { Name = "Add secret file" }).ClickAsync();
                break;
            case "settings":
                await TabAsync(page, "Settings");
                await page.GetByLabel("Branch").FillAsync("another");
                await page.Locator(".save-bar").WaitForAsync();
                break;
            case "metrics" or "metrics-table":
                await TabAsync(page, "Metrics");
                // The first point comes a minute after the start.
                await page.Locator(".plot canvas").First.WaitForAsync(new() { Timeout = 120_000 });
                if (name == "metrics")
                    break;
                await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
                await page.Locator(".table-scroll").First.WaitForAsync();
                break;
            case "domains":
                await TabAsync(page, "Domains", DashboardFixture.Site);
                await page.Locator(".records").First.WaitForAsync();
                break;
            case "jobs":
                await TabAsync(page, "Jobs");
                await page.GetByLabel("Command").FillAsync("node a-command-that-is-rather-long.js --and-has --many=arguments");
                await page.GetByRole(AriaRole.Button, new() { Name = "Run job" }).ClickAsync();
                await page.Locator(".runs .run-exit", new() { HasText = "exit code" }).First.WaitForAsync(new() { Timeout = 60_000 });
                break;
            case "runs":
                await TabAsync(page, "Runs", DashboardFixture.Cron);
                await page.Locator(".facts div").First.WaitForAsync();
                break;
            case "shell":
                await TabAsync(page, "Shell");
                await page.GetByRole(AriaRole.Button, new() { Name = "Open shell" }).ClickAsync();
                await Assertions.Expect(page.Locator(".xterm-rows")).ToContainTextAsync("$");
                break;
            case "events":
                await TabAsync(page, "Events");
                await page.Locator(".events li").First.WaitForAsync();
                break;
            case "map" or "map-table":
                await page.GetByRole(AriaRole.Link, new() { Name = "Map", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^failing") }).ClickAsync();
                if (name == "map")
                    break;
                await page.GetByRole(AriaRole.Button, new() { Name = "Table", Exact = true }).ClickAsync();
                await page.Locator(".map-table").WaitForAsync();
                break;
            case "store-metrics":
                await page.GetByRole(AriaRole.Link, new() { Name = "cache", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Link, new() { Name = "Metrics", Exact = true }).ClickAsync();
                await page.Locator(".chart").First.WaitForAsync();
                break;
            case "new" or "new-service" or "new-database":
                await page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }).ClickAsync();
                await page.Locator(".kinds").WaitForAsync();
                if (name == "new")
                    break;
                await page.GetByRole(AriaRole.Link, new() { Name = name == "new-service" ? "Web service" : "PostgreSQL", Exact = true }).ClickAsync();
                await page.Locator(".field").First.WaitForAsync();
                if (name == "new-database")
                    await page.GetByRole(AriaRole.Button, new() { Name = "Copy as" }).ClickAsync();
                else if (name == "new-service")
                    await GuessAsync(page);
                break;
            case "connections" or "delete":
                await page.GetByRole(AriaRole.Link, new() { Name = "cache", Exact = true }).ClickAsync();
                if (name == "delete")
                    await page.GetByRole(AriaRole.Link, new() { Name = "Settings", Exact = true }).ClickAsync();
                await page.GetByRole(AriaRole.Button, new() { Name = name == "delete" ? "Delete cache" : "Show URLs and password" }).ClickAsync();
                await page.Locator(name == "delete" ? "dialog" : ".facts >> text=Internal URL").First.WaitForAsync();
                break;
            default:
                await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
                await page.Locator(".facts div").First.WaitForAsync();
                break;
        }
    }

    /// <summary>Lets the form look at a repository with two apps.</summary>
    private async Task GuessAsync(IPage page)
    {
        const string App = """{ "dependencies": { "express": "5" }, "scripts": { "start": "node server.js" } }""";
        await page.GetByLabel("Git repository").FillAsync(await LocalRepository.CreateAsync(
            await dashboard.ReadyAsync(), "guessed", ("api/package.json", App), ("a-rather-long-name-of-a-directory/package.json", App)));
        await page.GetByLabel("Recognized 2 apps.").SelectOptionAsync("api");
    }

    private static async Task TabAsync(IPage page, string tab, string service = HelloApp.Name)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = service, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = tab, Exact = true }).ClickAsync();
    }
}
