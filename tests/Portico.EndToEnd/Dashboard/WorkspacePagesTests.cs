using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Dashboard;

/// <summary>Members, invitations, keys and the audit log, with the mouse.</summary>
[Collection(nameof(DashboardCollection))]
public sealed class WorkspacePagesTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task A_person_is_invited_joins_gets_another_role_and_is_removed()
    {
        const string Email = "ada@example.org";
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
        await page.GetByLabel("E-mail address").FillAsync(Email);
        await page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("WORKSPACE_VIEWER");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create invitation" }).ClickAsync();
        var link = await page.Locator(".invitation code").InnerTextAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Open invitations" }).GetByText(Email).WaitForAsync();

        await using var other = await dashboard.BrowseAsync();
        var guest = await other.NewPageAsync();
        await guest.VisitAsync(link);
        await guest.GetByLabel("Your name").FillAsync("Ada");
        await guest.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        var key = await guest.Locator("code").InnerTextAsync();
        await guest.VisitAsync($"{await dashboard.BaseAsync()}/signin");
        await guest.GetByLabel("API key").FillAsync(key);
        await guest.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await guest.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
        await guest.GetByText("Your role does not change members.").WaitForAsync();
        await Assertions.Expect(guest.GetByRole(AriaRole.Link, new() { Name = "Audit log", Exact = true })).ToHaveCountAsync(0);
        await Assertions.Expect(guest.GetByLabel("E-mail address")).ToHaveCountAsync(0);

        await page.ReloadAsync();
        await page.GetByLabel($"Role of {Email}").SelectOptionAsync("DEVELOPER");
        await page.GetByText($"{Email} is now Developer.").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {Email}" }).ClickAsync();
        await ConfirmAsync(page, "Remove");
        await page.GetByText($"{Email} is removed.").First.WaitForAsync();
        await Assertions.Expect(page.GetByLabel($"Role of {Email}")).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Link, new() { Name = "Audit log", Exact = true }).ClickAsync();
        var log = page.GetByRole(AriaRole.List, new() { Name = "Audit log" });
        foreach (var change in (string[])["Invite user to team", "Join team", "Change team member role", "Remove user from team"])
            await log.GetByText(change).First.WaitForAsync();
        await page.GetByLabel("Filter the loaded entries").FillAsync("join team");
        await Assertions.Expect(log.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_last_admin_stays_one()
    {
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
        var own = page.GetByLabel(new Regex("^Role of ")).First;
        await own.SelectOptionAsync("WORKSPACE_VIEWER");
        await page.Locator(".notice.bad").WaitForAsync();
        await Assertions.Expect(own).ToHaveValueAsync("ADMIN");
    }

    [Fact]
    public async Task A_key_is_listed_and_revoked_and_a_browser_names_itself()
    {
        var platform = await dashboard.ReadyAsync();
        var key = Regex.Match((await platform.RunAsync("keys", "create", "for-ci")).ShouldSucceed().Output, "rnd_[0-9A-Za-z]+").Value;
        Assert.Equal(HttpStatusCode.OK, await AskAsync(platform, key));
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Keys and sessions", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.List, new() { Name = "Browsers" }).GetByText("(this one)").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Revoke for-ci" }).ClickAsync();
        await ConfirmAsync(page, "Revoke");
        await page.GetByText("for-ci is revoked.").First.WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Revoke for-ci" })).ToHaveCountAsync(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(platform, key));

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out here" }).ClickAsync();
        await ConfirmAsync(page, "Sign out");
        await page.GetByLabel("API key", new() { Exact = true }).WaitForAsync();
    }

    [Fact]
    public async Task A_webhook_is_made_shows_what_it_was_sent_and_is_disabled_and_deleted()
    {
        var platform = await dashboard.ReadyAsync();
        await using var context = await dashboard.BrowseAsync();
        var page = await dashboard.SignInAsync(context);
        await page.GetByRole(AriaRole.Link, new() { Name = "Workspace", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Notifications", Exact = true }).ClickAsync();
        await page.GetByLabel("Send", new() { Exact = true }).SelectOptionAsync("all");
        await page.GetByText("The notifications are changed.").First.WaitForAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("chat");
        await page.GetByLabel("URL", new() { Exact = true }).FillAsync("http://127.0.0.1:9/hook");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await page.Locator("#webhook-help .failure").WaitForAsync();
        await page.GetByLabel("URL", new() { Exact = true }).FillAsync("https://receiver.invalid/hook");
        await page.GetByLabel("Types of events").FillAsync("service_suspended, service_resumed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create webhook" }).ClickAsync();
        await page.GetByText("service_suspended, service_resumed").WaitForAsync();

        (await platform.RunAsync("suspend", DashboardFixture.Cron)).ShouldSucceed();
        (await platform.RunAsync("resume", DashboardFixture.Cron)).ShouldSucceed();
        await page.GetByRole(AriaRole.Button, new() { Name = "Attempts of chat" }).ClickAsync();
        var attempts = page.GetByRole(AriaRole.List, new() { Name = "Attempts of chat" });
        await Eventually.TrueAsync(async () =>
        {
            await page.GetByRole(AriaRole.Button, new() { Name = "Load again" }).ClickAsync();
            return await attempts.GetByText("Service suspended").CountAsync() > 0;
        }, TimeSpan.FromSeconds(60), "the attempt is shown");
        await attempts.GetByRole(AriaRole.Button, new() { Name = "Send again" }).First.ClickAsync();
        await page.GetByText("It is being sent again.").First.WaitForAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Disable chat" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Enable chat" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete chat" }).ClickAsync();
        await ConfirmAsync(page, "Delete");
        await page.GetByText("There is none yet.").WaitForAsync();
    }

    private static async Task<HttpStatusCode> AskAsync(TestPlatform platform, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{platform.Port}/v1/owners") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };
        using var answer = await platform.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static Task ConfirmAsync(IPage page, string action) =>
        page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = action, Exact = true }).ClickAsync();
}
