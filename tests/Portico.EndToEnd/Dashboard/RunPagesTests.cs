using Microsoft.Playwright;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>One-off jobs and cron jobs in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class RunPagesTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task A_job_runs_and_its_exit_code_and_log_are_shown()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context, HelloApp.Name, "Jobs");
        var word = Path.GetRandomFileName();
        await RunAsync(page, $"echo {word}; exit 3");
        var job = Job(page, word);
        await Assertions.Expect(job).ToContainTextAsync("exit code 3", new() { Timeout = 60_000 });
        await Assertions.Expect(job.Locator(".status")).ToHaveTextAsync("Failed");
        await job.GetByRole(AriaRole.Link).ClickAsync();
        await page.IsAtAsync("/jobs/job-");
        await page.Locator(".log-line", new() { HasText = word }).First.WaitForAsync();
        await Assertions.Expect(page.Locator(".deploy-head")).ToContainTextAsync("exit code 3");
    }

    [Fact]
    public async Task A_job_that_runs_can_be_canceled()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context, HelloApp.Name, "Jobs");
        var word = Path.GetRandomFileName();
        await RunAsync(page, $"sleep 600 # {word}");
        var job = Job(page, word);
        await Assertions.Expect(job.Locator(".status")).ToHaveTextAsync("Running", new() { Timeout = 60_000 });
        await job.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Assertions.Expect(job.Locator(".status")).ToHaveTextAsync("Canceled", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_cron_job_says_when_it_runs_and_runs_now()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context, DashboardFixture.Cron, "Runs");
        var schedule = page.GetByRole(AriaRole.Region, new() { Name = "Schedule" });
        await Assertions.Expect(schedule).ToContainTextAsync("At 03:00, Monday to Friday, UTC");
        await Assertions.Expect(schedule.Locator("dt", new() { HasText = "Then" })).ToHaveCountAsync(2);
        var runs = page.GetByRole(AriaRole.List, new() { Name = "Runs" }).GetByRole(AriaRole.Listitem);
        var before = await runs.CountAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(runs).ToHaveCountAsync(before + 1);
        await Assertions.Expect(runs.First.Locator(".status")).ToHaveTextAsync("Succeeded", new() { Timeout = 60_000 });
        await runs.First.GetByRole(AriaRole.Link).ClickAsync();
        await page.Locator(".log-line", new() { HasText = "done at night" }).First.WaitForAsync();
    }

    private static ILocator Job(IPage page, string word) => page.GetByRole(AriaRole.List, new() { Name = "Jobs" }).GetByRole(AriaRole.Listitem).Filter(new() { HasText = word });

    private static async Task RunAsync(IPage page, string command)
    {
        await page.GetByLabel("Command").FillAsync(command);
        await page.GetByRole(AriaRole.Button, new() { Name = "Run job" }).ClickAsync();
    }

    private async Task<IPage> OpenAsync(IBrowserContext context, string name, string tab)
    {
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = tab, Exact = true }).ClickAsync();
        return page;
    }
}
