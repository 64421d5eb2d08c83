using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

/// <summary>What <c>docs/tutorial.md</c> does, with the mouse alone: only the code is written elsewhere.</summary>
[Collection(nameof(DashboardCollection))]
public sealed partial class TutorialByMouseTests(DashboardFixture dashboard)
{
    private const string Api = "notes-api", Web = "notes-web", Database = "notes-db";

    private int _actions;

    [Fact]
    public async Task A_frontend_a_backend_and_a_database_are_made_and_work_together()
    {
        var platform = await dashboard.ReadyAsync();
        var written = Files().Matches(await File.ReadAllTextAsync(SourceTree.PathOf("docs", "tutorial.md"), TestContext.Current.CancellationToken))
            .Select(file => (Path: file.Groups["file"].Value, Content: file.Groups["content"].Value)).ToList();
        var repository = await LocalRepository.CreateAsync(platform, "notes", [.. written.DistinctBy(file => file.Path)]);
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        var started = Stopwatch.GetTimestamp();

        await NewAsync(page, "PostgreSQL", ("Name", Database));
        await StatusAsync(page, "Available");
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Show URLs and password" }));
        var url = await page.GetByText(new Regex("^postgresql://")).First.InnerTextAsync();

        await NewAsync(page, "Web service", ("Name", Api), ("Git repository", repository), ("Root directory", "api"), ("Build command", "npm install"), ("Start command", "node server.js"));
        await StatusAsync(page, "Live");
        await NewAsync(page, "Static site", ("Name", Web), ("Git repository", repository), ("Root directory", "web"), ("Build command", "npm install && node build.js"), ("Publish directory", "public"));
        await StatusAsync(page, "Live");

        await SetAsync(page, "Save, build and deploy", ("BACKEND_URL", platform.UrlOf(Api)));
        await ClickAsync(page.GetByRole(AriaRole.Navigation, new() { Name = "Pages", Exact = true }).GetByRole(AriaRole.Link, new() { Name = "Services", Exact = true }));
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = Api, Exact = true }));
        await SetAsync(page, "Save only", ("FRONTEND_URL", platform.UrlOf(Web)), ("DATABASE_URL", url));
        await LocalRepository.CommitAsync(platform, "notes", [.. written.GroupBy(file => file.Path).Select(file => file.Last())]);
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Deploy", Exact = true }));

        var site = await context.NewPageAsync();
        await Eventually.TrueAsync(async () =>
        {
            await site.VisitAsync(platform.UrlOf(Web));
            return await site.GetByText("It works").CountAsync() > 0;
        }, TimeSpan.FromMinutes(2), "the page shows what is in the database");
        TestContext.Current.TestOutputHelper?.WriteLine($"{_actions} clicks and fields, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s with the builds.");
        foreach (var name in (string[])[Web, Api, Database])
            (await platform.RunAsync("delete", name, "--yes")).ShouldSucceed();
    }

    private async Task NewAsync(IPage page, string kind, params (string Label, string Value)[] fields)
    {
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "New", Exact = true }));
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = kind, Exact = true }));
        foreach (var (label, value) in fields)
            await FillAsync(page.GetByLabel(label, new() { Exact = label == "Name" }), value);
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Create( and deploy)?$") }));
    }

    private async Task SetAsync(IPage page, string save, params (string Name, string Value)[] variables)
    {
        await ClickAsync(page.GetByRole(AriaRole.Link, new() { Name = "Environment", Exact = true }));
        foreach (var (name, value) in variables)
        {
            await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = "Add variable" }));
            await FillAsync(page.GetByLabel("Name of the new variable"), name);
            await FillAsync(page.GetByRole(AriaRole.Textbox, new() { Name = $"Value of {name}" }), value);
        }
        await ClickAsync(page.GetByRole(AriaRole.Button, new() { Name = save, Exact = true }));
        await page.GetByText(new Regex("^Saved\\.")).First.WaitForAsync();
    }

    private static Task StatusAsync(IPage page, string status) =>
        Assertions.Expect(page.Locator(".resource-title .status")).ToHaveTextAsync(status, new() { Timeout = 120_000 });

    private async Task ClickAsync(ILocator what)
    {
        _actions++;
        await what.ClickAsync();
    }

    private async Task FillAsync(ILocator field, string value)
    {
        _actions++;
        await field.FillAsync(value);
    }

    [GeneratedRegex(@"`(?<file>[^`\n]+)`:\n\n```(?:js|json|html)\n(?<content>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Files();
}
