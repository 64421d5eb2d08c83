using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Access;

public sealed class AuditLogTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_change_tells_who_what_and_how_it_went()
    {
        var added = await _host.JoinAsync(Workspace, "ada@example.org");
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Owner.CallAsync(
            HttpMethod.Patch, $"/v1/owners/{Workspace}/members/{added.Text("userId")}", HttpStatusCode.OK, """{"role":"ADMIN"}""");
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        await _host.Owner.CallAsync(
            HttpMethod.Patch, $"/v1/owners/{Workspace}/members/{added.Text("userId")}", HttpStatusCode.BadRequest, """{"role":"KING"}""");

        var logs = (await ListAsync()).Select(item => item.GetProperty("auditLog")).ToList();

        Assert.Equal(["ChangeTeamMemberRoleEvent", "ChangeTeamMemberRoleEvent", "JoinTeamEvent", "InviteUserToTeamEvent"], logs.Select(log => log.Text("event")));
        Assert.Equal(["error", "success", "success", "success"], logs.Select(log => log.Text("status")));
        Assert.Equal(["owner@localhost", "owner@localhost", "ada@example.org", "owner@localhost"], logs.Select(log => log.GetProperty("actor").Text("email")));
        Assert.All(logs.SkipLast(1), log => Assert.Equal(added.Text("userId"), log.GetProperty("metadata").Text("resourceId")));
        Assert.Equal("400", logs[0].GetProperty("metadata").Text("statusCode"));
    }

    [Fact]
    public async Task A_change_that_render_has_a_name_for_is_called_that()
    {
        await ApplyAsync();
        var (web, database) = await IdsAsync();
        var environment = (await _host.Owner.CallAsync(
            HttpMethod.Post, "/v1/projects", HttpStatusCode.Created,
            $$"""{"name":"shop","ownerId":"{{Workspace}}","environments":[{"name":"production"}]}""")).GetProperty("environmentIds")[0].GetString();
        var cron = (await _host.Owner.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"cron_job","name":"nightly","ownerId":"{{Workspace}}","repo":"{{UploadedSource.Url}}","branch":"main",
             "serviceDetails":{"runtime":"node","schedule":"0 3 * * *","envSpecificDetails":{"buildCommand":"make","startCommand":"work"} } }
            """)).GetProperty("service").Text("id");
        (string Method, string Path, HttpStatusCode Status, string? Body)[] changes =
        [
            ("PATCH", $"/v1/services/{web}", HttpStatusCode.OK, """{"name":"front"}"""),
            ("PATCH", $"/v1/postgres/{database}", HttpStatusCode.OK, """{"ipAllowList":[{"cidrBlock":"203.0.113.0/24","description":"us"}]}"""),
            ("PATCH", $"/v1/environments/{environment}", HttpStatusCode.OK, """{"protectedStatus":"protected"}"""),
            ("POST", $"/v1/postgres/{database}/suspend", HttpStatusCode.Accepted, null),
            ("POST", $"/v1/services/{web}/suspend", HttpStatusCode.Accepted, null),
            ("POST", $"/v1/services/{web}/restart", HttpStatusCode.BadRequest, null),
            ("DELETE", $"/v1/services/{cron}", HttpStatusCode.NoContent, null),
        ];
        foreach (var (method, path, status, body) in changes)
        {
            _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
            await _host.Owner.CallAsync(new HttpMethod(method), path, status, body);
        }

        var logs = (await ListAsync("?direction=forward&limit=100")).Select(item => item.GetProperty("auditLog")).ToList();

        Assert.Equal(
            [
                ("CreateProjectEvent", null), ("CreateCronJobEvent", cron), ("UpdateServiceNameEvent", web), ("UpdateIPAllowListEvent", database),
                ("ChangeEnvironmentProtectionEvent", environment), ("SuspendPostgresEvent", database), ("SuspendServiceEvent", web),
                ("RestartServiceEvent", web), ("DeleteCronJobEvent", cron),
            ],
            logs.Select(log => (log.Text("event"), log.Text("event") == "CreateProjectEvent" ? null : log.GetProperty("metadata").Text("resourceId"))));
    }

    [Fact]
    public async Task No_secret_gets_into_it()
    {
        var token = await _host.InviteAsync(Workspace, "ada@example.org");
        var created = await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, """{"name":"ci"}""");

        var text = JsonSerializer.Serialize(await ListAsync());

        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(created.Text("secret"), text, StringComparison.Ordinal);
        Assert.DoesNotContain("ada@", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_is_not_told_and_only_admins_may_look()
    {
        using var developer = await _host.MemberAsync(Role.Developer, Workspace, Token);
        await developer.ReadAsync("/v1/owners");

        Assert.Empty(await ListAsync());
        await developer.CallAsync(HttpMethod.Get, $"/v1/owners/{Workspace}/audit-logs", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task It_can_be_paged_in_both_directions_and_cut_by_time()
    {
        var start = _host.Platform.Time.GetUtcNow();
        for (var number = 0; number < 5; number++)
        {
            await _host.InviteAsync(Workspace, $"member{number}@example.org");
            _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var forward = await PagedAsync("direction=forward");
        var backward = await PagedAsync("direction=backward");
        var middle = await ListAsync($"?startTime={Uri.EscapeDataString($"{start.AddSeconds(1):O}")}&endTime={Uri.EscapeDataString($"{start.AddSeconds(3):O}")}");

        Assert.Equal(5, forward.Distinct().Count());
        Assert.Equal(forward.AsEnumerable().Reverse(), backward);
        Assert.Equal(3, middle.Count);
        await _host.Owner.CallAsync(HttpMethod.Get, $"/v1/owners/{Workspace}/audit-logs?direction=up", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task What_is_old_is_forgotten()
    {
        await _host.InviteAsync(Workspace, "ada@example.org");
        _host.Platform.Time.Advance(TimeSpan.FromDays(364));
        await _host.InviteAsync(Workspace, "bob@example.org");
        await _host.Platform.Get<AccessSweeper>().ReconcileAsync(Token);
        Assert.Equal(2, (await ListAsync()).Count);

        _host.Platform.Time.Advance(TimeSpan.FromDays(2));
        await _host.Platform.Get<AccessSweeper>().ReconcileAsync(Token);

        Assert.Single(await ListAsync());
    }

    private async Task ApplyAsync()
    {
        var result = await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await _host.Platform.SettleAsync(Token);
    }

    private async Task<(string Web, string Database)> IdsAsync()
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return (db.Services.Single(row => row.Name == "web").Id, db.DataStores.Single(row => row.Name == "db").Id);
    }

    private async Task<List<JsonElement>> ListAsync(string query = "") =>
        [.. (await _host.Owner.ReadAsync($"/v1/owners/{Workspace}/audit-logs{query}")).EnumerateArray()];

    private async Task<List<string>> PagedAsync(string query)
    {
        var (ids, cursor) = (new List<string>(), "");
        for (var page = 0; page < 10; page++)
        {
            var items = await ListAsync($"?{query}&limit=2{cursor}");
            ids.AddRange(items.Select(item => item.GetProperty("auditLog").Text("id")));
            if (items.Count < 2)
                break;
            cursor = $"&cursor={items[^1].Text("cursor")}";
        }
        return ids;
    }
}
