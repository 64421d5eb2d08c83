using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>A platform with a service that runs and one that fails, and a browser.</summary>
public sealed class DashboardFixture : IAsyncDisposable
{
    /// <summary>What a hostile app writes, and what a page that takes text for markup would make of it.</summary>
    public const string Hostile = "<img src=x onerror=\"window.owned=1\">";

    /// <summary>Static sites that only one test each asks for anything.</summary>
    public const string Site = "counted", Mapped = "mapped";

    /// <summary>A cron job that does not run by itself within a test.</summary>
    public const string Cron = "nightly";

    private static readonly string[] Quiet =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly TestPlatform _platform = HelloApp.Create();
    private Task? _up;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Task<IBrowserContext>? _signedIn;

    internal async Task<TestPlatform> ReadyAsync()
    {
        Programs.Require("git", "node", "npm");
        await (_up ??= UpAsync());
        return _platform;
    }

    /// <summary>A browser without cookies or sessions.</summary>
    internal async Task<IBrowserContext> BrowseAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var path = Programs.Find("chromium", "chromium-browser", "google-chrome");
        if (path is null)
            Programs.Require("chromium");
        _playwright ??= await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
        _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Quiet });
        return await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme });
    }

    internal async Task<string> LinkAsync() => (await (await ReadyAsync()).RunAsync("login", "link")).ShouldSucceed().Output.Trim();

    /// <summary>A page that shows the services, signed in by a link.</summary>
    internal async Task<IPage> SignInAsync(IBrowserContext context) => await OpenAsync(context, await LinkAsync());

    /// <summary>A page that shows the services, in a session that all tests share which only look.</summary>
    internal async Task<IPage> OpenSharedAsync() => await OpenAsync(await (_signedIn ??= SignedInAsync()), await BaseAsync());

    internal async Task<string> BaseAsync() => $"http://localhost:{(await ReadyAsync()).Port}";

    private static async Task<IPage> OpenAsync(IBrowserContext context, string url)
    {
        var page = await context.NewPageAsync();
        var trace = new PageTrace(page);
        await page.VisitAsync(url);
        await trace.SeesAsync(page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }));
        return page;
    }

    private async Task<IBrowserContext> SignedInAsync()
    {
        var context = await BrowseAsync();
        await (await SignInAsync(context)).CloseAsync();
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await _platform.DisposeAsync();
    }

    private async Task UpAsync()
    {
        _platform.Write("render.yaml", $"{HelloApp.Blueprint}\n" + """
              - type: worker
                name: failing
                runtime: node
                buildCommand: "true"
                startCommand: node fail.js
                envVars:
                  - key: REDIS_URL
                    fromService: { type: keyvalue, name: cache, property: connectionString }
              - type: web
                name: counted
                runtime: static
                buildCommand: "true"
                staticPublishPath: site
                domains: [counted.example.com]
              - type: web
                name: mapped
                runtime: static
                buildCommand: "true"
                staticPublishPath: site
              - type: cron
                name: nightly
                runtime: node
                buildCommand: "true"
                startCommand: echo done at night
                schedule: "0 3 * * 1-5"
              - type: keyvalue
                name: cache
                ipAllowList: []
            envVarGroups:
              - name: common
                envVars: [{ key: A_NAME_THAT_IS_RATHER_LONG, value: info }]
            """);
        _platform.Write("fail.js", $"console.error('Error: {Hostile.Replace("'", "\\'", StringComparison.Ordinal)}'); process.exit(1);");
        _platform.Write("site/index.html", "<!doctype html><title>Counted</title>");
        var up = await _platform.UpAsync();
        Assert.True(up.Text.Contains("start failed", StringComparison.Ordinal), up.ToString());
        Assert.Contains("`portico dashboard` signs you in", up.Output, StringComparison.Ordinal);
    }
}

[CollectionDefinition(nameof(DashboardCollection))]
public sealed class DashboardCollection : ICollectionFixture<DashboardFixture>;
