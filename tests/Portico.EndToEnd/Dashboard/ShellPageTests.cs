using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portico.Api.Contracts.Platform;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The shell in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class ShellPageTests(DashboardFixture dashboard)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shell_in_an_instance_runs_commands_follows_the_window_and_says_how_it_ended()
    {
        await using var context = await dashboard.BrowseAsync();
        var problems = new List<string>();
        context.Console += (_, message) => { if (message.Type == "error") problems.Add(message.Text); };
        var page = await OpenAsync(context);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open shell" }).ClickAsync();
        await TypeAsync(page, "echo $((40 + 2)) in $RENDER_SERVICE_NAME");
        await SeesAsync(page, $"42 in {HelloApp.Name}");
        await TypeAsync(page, "clear; stty size");
        var wide = await ColumnsAsync(page);
        await page.SetViewportSizeAsync(600, 800);
        await Testing.Eventually.TrueAsync(async () =>
        {
            await TypeAsync(page, "clear; stty size");
            return await ColumnsAsync(page) < wide;
        }, TimeSpan.FromSeconds(30), "the terminal has the width of the window");

        // Keys of the dashboard are keys of the shell here, and one leads out.
        await page.Keyboard.PressAsync("1");
        await page.Keyboard.PressAsync("Control+k");
        Assert.EndsWith("/shell", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("F6");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Close" })).ToBeFocusedAsync();

        await page.Locator(".xterm-helper-textarea").FocusAsync();
        await page.Keyboard.PressAsync("Control+u");
        await TypeAsync(page, "exit 7");
        await page.GetByText("The shell ended with exit code 7.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reconnect" }).ClickAsync();
        await TypeAsync(page, "echo again $((1 + 1))");
        await SeesAsync(page, "again 2");
        Assert.Empty(problems);
    }

    [Fact]
    public async Task A_copy_runs_beside_the_instances()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await OpenAsync(context);
        await page.GetByLabel("Where").SelectOptionAsync("copy");
        await page.IsAtAsync("/shell\\?in=copy$");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open shell" }).ClickAsync();
        await TypeAsync(page, "ls; echo files of $RENDER_SERVICE_NAME");
        await SeesAsync(page, $"files of {HelloApp.Name}");
        await SeesAsync(page, "server.js");
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await page.GetByText("You have closed the shell.").WaitForAsync();
    }

    [Fact]
    public async Task Only_the_page_of_a_shell_allows_inline_styles()
    {
        await using var context = await dashboard.BrowseAsync();
        var policies = new List<string>();
        context.Response += (_, response) =>
        {
            if (response.Request.ResourceType == "document")
                policies.Add(response.Headers["content-security-policy"]);
        };
        var page = await OpenAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await page.IsAtAsync("/web/srv-[^/]+$");
        await page.GetByRole(AriaRole.Heading, new() { Name = "About" }).WaitForAsync();
        Assert.Equal([false, true, false], policies.Select(policy => policy.Contains("style-src 'self' 'unsafe-inline'", StringComparison.Ordinal)));
        Assert.All(policies, policy => Assert.Contains("script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_open_a_shell_sees_why()
    {
        var platform = await dashboard.ReadyAsync();
        var invited = (await platform.RunAsync("members", "invite", $"{Path.GetRandomFileName()}@example.com", "--role", "viewer", "--json")).ShouldSucceed();
        var link = new Uri(JsonElement.Parse(invited.Output).GetProperty("url").GetString()!);
        using var joined = await platform.Http.PostAsJsonAsync(new Uri($"{await dashboard.BaseAsync()}/portico/v1/invitations/accept"), new { token = link.Query["?token=".Length..] }, Token);
        var member = (await joined.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JoinedWorkspace>(JsonSerializerOptions.Web, Token))!;

        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        await page.VisitAsync($"{await dashboard.BaseAsync()}/signin");
        await page.GetByLabel("API key").FillAsync(member.Key!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await ShowAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Open shell" })).ToBeDisabledAsync();
        await page.GetByText("Your role can only look at this.").First.WaitForAsync();
    }

    private static async Task TypeAsync(IPage page, string text)
    {
        // The prompt comes when the shell is ready; what is typed before it would be lost.
        await SeesAsync(page, "$");
        await page.Locator(".xterm-helper-textarea").FocusAsync();
        await page.Keyboard.TypeAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    private static Task SeesAsync(IPage page, string text) => Assertions.Expect(page.Locator(".xterm-rows")).ToContainTextAsync(text);

    private static async Task<int> ColumnsAsync(IPage page)
    {
        var size = new Regex(@"\d+ (\d+)");
        await Assertions.Expect(page.Locator(".xterm-rows")).ToContainTextAsync(size);
        return int.Parse(size.Match(await page.Locator(".xterm-rows").InnerTextAsync()).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<IPage> OpenAsync(IBrowserContext context)
    {
        Programs.Require("perl");
        var page = await dashboard.SignInAsync(context);
        await ShowAsync(page);
        return page;
    }

    private static async Task ShowAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Shell", Exact = true }).ClickAsync();
        await page.IsAtAsync("/shell$");
        await page.GetByLabel("Where").WaitForAsync();
    }
}
