using System.Text.Json;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

/// <summary>The dashboard in a real browser.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class DashboardTests(DashboardFixture dashboard, ITestOutputHelper output)
{
    private const int LargestShell = 45_000;

    [Fact]
    public async Task A_link_signs_in_once_and_signing_out_ends_the_session()
    {
        await using var context = await dashboard.BrowseAsync();
        var link = await dashboard.LinkAsync();
        var page = await context.NewPageAsync();
        await page.VisitAsync(link);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Services" }).WaitForAsync();
        Assert.DoesNotContain("rnd_", page.Url, StringComparison.Ordinal);

        await using var other = await dashboard.BrowseAsync();
        var thief = await other.NewPageAsync();
        await thief.VisitAsync(link);
        Assert.Contains("used already", await thief.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Account of") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new("Sign out") }).ClickAsync();
        await page.IsAtAsync("/signin$");
        await page.VisitAsync($"{await dashboard.BaseAsync()}/");
        await page.IsAtAsync("/signin$");
    }

    [Fact]
    public async Task An_API_key_signs_in_and_leads_to_the_page_that_was_asked_for()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        var id = (await platform.ServerStatusAsync())!.Resources.Single(resource => resource.Name == HelloApp.Name).Id;
        await page.VisitAsync($"{await dashboard.BaseAsync()}/web/{id}");
        await page.GetByLabel("API key").FillAsync("rnd_wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).WaitForAsync();
        await page.GetByLabel("API key").FillAsync((await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), Token)).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = HelloApp.Name }).WaitForAsync();
        Assert.EndsWith($"/web/{id}", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_dashboardUrl_opens_the_page_of_its_resource()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        foreach (var (list, item) in (IEnumerable<(string, string)>)[("services", "service"), ("key-value", "keyValue")])
            foreach (var entry in JsonElement.Parse(await AskAsync(platform, $"/v1/{list}")).EnumerateArray())
            {
                var resource = entry.GetProperty(item);
                var id = resource.GetProperty("id").GetString()!;
                var url = item == "service" ? resource.GetProperty("dashboardUrl").GetString()! : $"{await dashboard.BaseAsync()}/r/{id}";
                await page.VisitAsync(url);
                await page.GetByRole(AriaRole.Heading, new() { Name = resource.GetProperty("name").GetString() }).WaitForAsync();
                await page.GetByText(id, new() { Exact = true }).First.WaitForAsync();
            }
    }

    [Fact]
    public async Task The_cause_of_a_failed_deploy_is_in_the_list_and_hostile_text_stays_text()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") problems.Add(message.Text); };
        var policies = new List<string?>();
        page.Response += (_, response) => { if (response.Request.ResourceType is "document" or "script" or "stylesheet") policies.Add(response.Headers.GetValueOrDefault("content-security-policy")); };
        await page.VisitAsync(await dashboard.LinkAsync());

        await page.Locator(".row.attention .failure").First.WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "failing", Exact = true }).ClickAsync();
        var lines = page.GetByLabel("Last lines of output");
        await lines.WaitForAsync();

        Assert.Contains(DashboardFixture.Hostile, await lines.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("main img").CountAsync());
        Assert.Null(await page.EvaluateAsync<int?>("window.owned"));
        Assert.Empty(problems);
        Assert.NotEmpty(policies);
        Assert.All(policies, policy => Assert.Contains("require-trusted-types-for 'script'", policy, StringComparison.Ordinal));
        await Assert.ThrowsAsync<PlaywrightException>(() => page.EvaluateAsync("document.body.innerHTML = '<b>markup</b>'"));
    }

    [Fact]
    public async Task Nothing_comes_from_another_host_and_the_shell_is_small()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        var requests = new List<IRequest>();
        page.RequestFinished += (_, request) => requests.Add(request);
        await page.VisitAsync(await dashboard.LinkAsync());
        await page.Locator(".row").First.WaitForAsync();
        var own = new Uri(await dashboard.BaseAsync()).Authority;
        Assert.All(requests, request => Assert.Equal(own, new Uri(request.Url).Authority));
        var sizes = await Task.WhenAll(requests.Where(request => request.ResourceType is "document" or "script" or "stylesheet").Select(request => request.SizesAsync()));
        var total = sizes.Sum(size => size.ResponseBodySize);
        output.WriteLine($"{requests.Count} requests; page, scripts and styles have {total} bytes.");
        Assert.InRange(total, 5_000, LargestShell);
    }

    [Fact]
    public async Task A_browser_that_keeps_no_cookies_is_told_so()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        await page.RouteAsync("**/portico/v1/sessions/current", async route => await route.FulfillAsync(new() { Status = 401, Body = """{"message":"Unauthorized"}""" }));
        await page.VisitAsync(await dashboard.LinkAsync());
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("must accept cookies");
    }

    [Fact]
    public async Task Services_are_listed_behind_a_proxy_that_refuses_websockets()
    {
        await using var context = await dashboard.BrowseAsync();
        await context.RouteWebSocketAsync("**/portico/v1/stream*", socket => _ = socket.CloseAsync());
        var page = await dashboard.SignInAsync(context);
        await page.Locator(".banner", new() { HasText = "The server answers, but its websocket does not." }).WaitForAsync();
    }

    [Fact]
    public async Task A_link_works_in_a_tab_that_shows_the_sign_in_already()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await context.NewPageAsync();
        await page.VisitAsync($"{await dashboard.BaseAsync()}/signin");
        await page.GetByLabel("API key").WaitForAsync();
        await page.VisitAsync(await dashboard.LinkAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).WaitForAsync();
        Assert.DoesNotContain("#", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Going_back_after_signing_out_leads_to_the_sign_in()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Account of") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { NameRegex = new("Sign out") }).ClickAsync();
        await page.IsAtAsync("/signin$");
        await page.GoBackAsync();
        await page.GetByLabel("API key").WaitForAsync();
    }

    [Fact]
    public async Task The_palette_and_the_keys_reach_everything()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Combobox).PressSequentiallyAsync("hel");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = HelloApp.Name }).WaitForAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("s");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Services" }).WaitForAsync();
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync(".");
        await page.GetByRole(AriaRole.Menuitem).First.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.GetByRole(AriaRole.Menuitem)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("cach");
        await page.IsAtAsync(@"/\?q=cach$");
        await Assertions.Expect(page.Locator(".row")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "cache" }).WaitForAsync();
        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" }).WaitForAsync();
    }

    [Fact]
    public async Task Actions_change_the_list_without_a_reload()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        var row = page.Locator(".row", new() { HasText = HelloApp.Name });
        await RunAsync(page, row, "Suspend");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Suspend" }).ClickAsync();
        await row.GetByText("Suspended").WaitForAsync();
        await RunAsync(page, row, "Resume");
        await row.GetByText("Live", new() { Exact = true }).WaitForAsync(new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Killing_the_server_shows_a_banner_and_the_page_goes_on_without_a_reload()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByPlaceholder("Filter").FillAsync("hel");
        await page.EvaluateAsync("window.mark = 'not reloaded'");
        var before = (await platform.ServerStatusAsync())!.ServerProcessId;
        Signals.Kill(before);
        await page.Locator(".banner").WaitForAsync();
        await Eventually.TrueAsync(async () => await platform.ServerStatusAsync() is { } status && status.ServerProcessId != before, TimeSpan.FromSeconds(60), "the server runs again");
        await page.Locator(".banner").WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 30_000 });
        await page.Locator(".connection.live").WaitForAsync();
        Assert.Equal("not reloaded", await page.EvaluateAsync<string>("window.mark"));
        Assert.Equal("hel", await page.GetByPlaceholder("Filter").InputValueAsync());

        // What happens now arrives too.
        var row = page.Locator(".row", new() { HasText = HelloApp.Name });
        (await platform.RunAsync("restart", HelloApp.Name)).ShouldSucceed();
        await row.GetByText("1/1").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = HelloApp.Name, Exact = true }).ClickAsync();
        await page.GetByText("Server restarted").First.WaitForAsync();
    }

    [Fact]
    public async Task Revoking_a_session_ends_its_page()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        var session = JsonElement.Parse(await AskAsync(platform, "/portico/v1/keys")).EnumerateArray()
            .Where(key => key.GetProperty("kind").GetString() == "session").Select(key => key.GetProperty("id").GetString()!).Order(StringComparer.Ordinal).Last();
        (await platform.RunAsync("keys", "revoke", session)).ShouldSucceed();
        await page.IsAtAsync("/signin");
    }

    [Fact]
    public async Task A_sibling_app_gets_nowhere_with_the_users_cookies()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        var id = (await platform.ServerStatusAsync())!.Resources.Single(resource => resource.Name == HelloApp.Name).Id;
        var evil = await context.NewPageAsync();
        var statuses = new List<int>();
        evil.Response += (_, response) => { if (response.Url.Contains("/v1/", StringComparison.Ordinal)) statuses.Add(response.Status); };
        await evil.VisitAsync(platform.UrlOf(HelloApp.Name));
        var home = await dashboard.BaseAsync();
        var sent = await evil.EvaluateAsync<string>($$"""
            async () => {
              const home = '{{home}}';
              document.cookie = 'portico-session-{{new Uri(home).Port}}=tossed; domain=localhost; path=/';
              for (const path of ['/v1/services/{{id}}/suspend', '/v1/services/{{id}}/deploys'])
                await fetch(home + path, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).catch(() => 0);
              const read = await fetch(home + '/portico/v1/sessions/current', { credentials: 'include' }).then(answer => answer.text(), () => 'refused');
              const socket = new WebSocket(home.replace('http', 'ws') + '/portico/v1/stream', ['portico.v1', 'portico.session.guess']);
              const opened = await new Promise(done => { socket.onopen = () => done('opened'); socket.onerror = () => done('refused'); });
              const frame = document.createElement('iframe');
              frame.src = home + '/';
              document.body.append(frame);
              await new Promise(done => frame.onload = done);
              let framed = 'blocked';
              try { framed = frame.contentDocument ? 'same' : 'blocked'; } catch { }
              return read + ' ' + opened + ' ' + framed;
            }
            """);
        Assert.Equal("refused refused blocked", sent);
        Assert.NotEmpty(statuses);
        Assert.All(statuses, status => Assert.Equal(401, status));
        await page.ReloadAsync();
        await page.Locator(".row", new() { HasText = HelloApp.Name }).GetByText("Live", new() { Exact = true }).WaitForAsync();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task RunAsync(IPage page, ILocator row, string action)
    {
        await row.GetByRole(AriaRole.Button, new() { NameRegex = new("Actions of") }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = action, Exact = true }).ClickAsync();
    }

    private static async Task<string> AskAsync(TestPlatform platform, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{platform.Port}{path}");
        request.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), Token)).Trim());
        using var response = await platform.Http.SendAsync(request, Token);
        return await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Token);
    }
}
