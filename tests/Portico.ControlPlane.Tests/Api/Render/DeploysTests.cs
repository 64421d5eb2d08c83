using System.Net;
using System.Text;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class DeploysTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _api = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Deploys => $"/v1/services/{_api}/deploys";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await ApplyAsync(UploadedSource.First);
        await using var db = await _host.Platform.OpenAsync(Token);
        _api = db.Services.Single(row => row.Name == "api").Id;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_deploy_of_a_sync_tells_its_commit_and_trigger()
    {
        var deploy = (await GetAsync(Deploys))[0].GetProperty("deploy");

        Assert.Equal("live", deploy.GetProperty("status").GetString());
        Assert.Equal("blueprint_sync", deploy.GetProperty("trigger").GetString());
        var commit = deploy.GetProperty("commit");
        Assert.Equal(UploadedSource.First, commit.GetProperty("id").GetString());
        Assert.Equal("test", commit.GetProperty("message").GetString());
        Assert.True(commit.GetProperty("createdAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task What_another_workspace_has_under_the_same_name_holds_nothing_up()
    {
        using var other = await _host.MemberAsync(Role.Admin, null, Token);
        var theirs = (await other.GetJsonAsync("/v1/owners"))[0].GetProperty("owner").GetProperty("id").GetString();
        var store = await other.PostAsync("/v1/postgres", $$"""{"name": "db", "ownerId": "{{theirs}}", "plan": "free", "version": ""}""");
        await other.PostAsync($"/v1/postgres/{store.GetProperty("id").GetString()}/suspend", null, HttpStatusCode.Accepted);

        var created = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("live", (await GetAsync($"{Deploys}/{Id(created)}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task An_empty_body_builds_the_newest_source_again()
    {
        var builds = Builds();
        var created = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        var deploy = await GetAsync($"{Deploys}/{Id(created)}");
        Assert.Equal("live", deploy.GetProperty("status").GetString());
        Assert.Equal("api", deploy.GetProperty("trigger").GetString());
        Assert.Equal(UploadedSource.First, deploy.GetProperty("commit").GetProperty("id").GetString());
        Assert.Equal(builds + 1, Builds());
        Assert.Equal(["live", "deactivated"], await StatusesAsync(""));
    }

    [Fact]
    public async Task A_commit_that_was_uploaded_can_be_chosen()
    {
        await ApplyAsync(UploadedSource.Second);
        var created = await PostAsync(Deploys, $$"""{"commitId":"{{UploadedSource.First}}"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(UploadedSource.First, created.GetProperty("commit").GetProperty("id").GetString());
        Assert.Equal("live", (await GetAsync($"{Deploys}/{Id(created)}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_cleared_cache_and_a_deploy_without_a_build_are_what_they_say()
    {
        var clean = await PostAsync(Deploys, """{"clearCache":"clear"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        var builds = Builds();
        var only = await PostAsync(Deploys, """{"deployMode":"deploy_only"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.False(_host.Platform.World.Builds[new RunId(Id(clean))].UseCache);
        Assert.Equal(builds, Builds());
        Assert.Equal("live", (await GetAsync($"{Deploys}/{Id(only)}")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("""{"imageUrl":"docker.io/x"}""", "imageUrl: ")]
    [InlineData("""{"artifactId":"art-1"}""", "artifactId: ")]
    [InlineData("""{"clearCache":"maybe"}""", "clearCache: ")]
    [InlineData("""{"deployMode":"later"}""", "deployMode: ")]
    [InlineData("""{"commitId":"; rm -rf /"}""", "commitId: ")]
    [InlineData("""{"commitId":"0123456789012345678901234567890123456789"}""", "commitId: ")]
    [InlineData("""{"nonsense":1}""", "nonsense: ")]
    public async Task What_cannot_be_followed_is_refused(string body, string start)
    {
        var error = await RefusedAsync(Deploys, body, HttpStatusCode.BadRequest);

        Assert.StartsWith(start, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_brings_back_artifact_and_variables_without_a_build()
    {
        var first = Id((await GetAsync(Deploys))[0].GetProperty("deploy"));
        await ApplyAsync(UploadedSource.Second);
        var builds = Builds();

        var created = await PostAsync($"/v1/services/{_api}/rollback", $$"""{"deployId":"{{first}}"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        var deploy = await GetAsync($"{Deploys}/{Id(created)}");
        Assert.Equal("live", deploy.GetProperty("status").GetString());
        Assert.Equal("rollback", deploy.GetProperty("trigger").GetString());
        Assert.Equal(UploadedSource.First, deploy.GetProperty("commit").GetProperty("id").GetString());
        Assert.Equal(builds, Builds());
        Assert.False(_host.Platform.World.Runs.ContainsKey(new RunId($"{Id(created)}-pre")));
        var running = _host.Platform.World.Revisions[new RevisionId(Id(created))].Revision;
        Assert.Equal(first, running.Artifact!.Value.Value);
        Assert.Equal(UploadedSource.First, running.Environment["RENDER_GIT_COMMIT"]);
    }

    [Fact]
    public async Task A_rollback_by_the_api_leaves_auto_deploy_on_and_one_by_the_command_line_ends_it()
    {
        var first = Id((await GetAsync(Deploys))[0].GetProperty("deploy"));
        await ApplyAsync(UploadedSource.Second);
        var second = Id((await GetAsync(Deploys))[0].GetProperty("deploy"));

        await PostAsync($"/v1/services/{_api}/rollback", $$"""{"deployId":"{{first}}"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("commit", (await GetAsync($"/v1/services/{_api}")).GetProperty("autoDeployTrigger").GetString());
        // What a rollback brought back is what is gone back from: nothing is before the first.
        await PostAsync("/portico/v1/services/api/rollback", "{}", HttpStatusCode.Conflict);

        await PostAsync("/portico/v1/services/api/rollback", $$"""{"deployId":"{{second}}"}""", HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);
        var done = await PostAsync("/portico/v1/services/api/rollback", "{}", HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(first, done.GetProperty("target").GetString());
        Assert.Equal("live", (await GetAsync($"{Deploys}/{done.GetProperty("deployId").GetString()}")).GetProperty("status").GetString());
        Assert.Equal("off", (await GetAsync($"/v1/services/{_api}")).GetProperty("autoDeployTrigger").GetString());
        var told = Assert.Single((await GetAsync($"/v1/services/{_api}/events?type=auto_deploy_disabled")).EnumerateArray()).GetProperty("event");
        Assert.Equal("rollback", told.GetProperty("details").GetProperty("reason").GetString());
        Assert.Equal("commit", told.GetProperty("details").GetProperty("fromTrigger").GetString());
    }

    [Fact]
    public async Task What_a_deploy_failed_of_is_told_in_its_events_and_in_its_log()
    {
        _host.Platform.World.Crashing.Add(_api);
        await PostAsync(Deploys, """{"clearCache":"clear"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal(1, (await EndedAsync("deploy_ended")).GetProperty("nonZeroExit").GetInt32());
        _host.Platform.World.Crashing.Clear();

        _host.Platform.World.FailingRuns.Add(_api);
        await PostAsync(Deploys, """{"clearCache":"clear"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal(1, (await EndedAsync("build_ended")).GetProperty("nonZeroExit").GetInt32());
        Assert.Equal(1, (await EndedAsync("deploy_ended")).GetProperty("nonZeroExit").GetInt32());
    }

    [Fact]
    public async Task Only_what_went_live_can_be_gone_back_to()
    {
        _host.Platform.World.FailingRuns.Add(_api);
        var failed = await PostAsync(Deploys, """{"clearCache":"clear"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        var error = await RefusedAsync($"/v1/services/{_api}/rollback", $$"""{"deployId":"{{Id(failed)}}"}""", HttpStatusCode.BadRequest);

        Assert.StartsWith("deployId: ", error, StringComparison.Ordinal);
        await RefusedAsync($"/v1/services/{_api}/rollback", """{"deployId":"dep-00000000000000000000"}""", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_deploy_is_cancelled_in_every_state_and_the_one_before_stays(int passes)
    {
        var before = Id((await GetAsync(Deploys))[0].GetProperty("deploy"));
        var created = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        for (var pass = 0; pass < passes; pass++)
            await _host.Platform.PassAsync(Token);

        var canceled = await PostAsync($"{Deploys}/{Id(created)}/cancel", null, HttpStatusCode.OK);
        await PostAsync($"{Deploys}/{Id(created)}/cancel", null, HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(Id(created), Id(canceled));
        Assert.Equal("canceled", (await GetAsync($"{Deploys}/{Id(created)}")).GetProperty("status").GetString());
        Assert.Equal("live", (await GetAsync($"{Deploys}/{before}")).GetProperty("status").GetString());
        await RefusedAsync($"{Deploys}/{before}/cancel", null, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_newer_deploy_cancels_the_one_under_way()
    {
        var first = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        await _host.Platform.PassAsync(Token);
        var second = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("canceled", (await GetAsync($"{Deploys}/{Id(first)}")).GetProperty("status").GetString());
        Assert.Equal("live", (await GetAsync($"{Deploys}/{Id(second)}")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_rollback_during_a_deploy_replaces_it(int passes)
    {
        var first = Id((await GetAsync(Deploys))[0].GetProperty("deploy"));
        var underWay = await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        for (var pass = 0; pass < passes; pass++)
            await _host.Platform.PassAsync(Token);

        var rollback = await PostAsync($"/v1/services/{_api}/rollback", $$"""{"deployId":"{{first}}"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("live", (await GetAsync($"{Deploys}/{Id(rollback)}")).GetProperty("status").GetString());
        Assert.Contains((await GetAsync($"{Deploys}/{Id(underWay)}")).GetProperty("status").GetString(), (string[])["canceled", "deactivated"]);
        Assert.All(_host.Platform.World.Instances.Where(instance => instance.Owner == _api), instance => Assert.Equal(Id(rollback), instance.Revision.Value));
    }

    [Fact]
    public async Task A_service_that_is_deleted_during_a_rollback_is_gone()
    {
        var service = (await GetAsync("/v1/services?name=worker"))[0].GetProperty("service").GetProperty("id").GetString()!;
        var first = Id((await GetAsync($"/v1/services/{service}/deploys"))[0].GetProperty("deploy"));
        await PostAsync($"/v1/services/{service}/deploys", "{}", HttpStatusCode.Created);
        await _host.Platform.PassAsync(Token);
        await PostAsync($"/v1/services/{service}/rollback", $$"""{"deployId":"{{first}}"}""", HttpStatusCode.Created);
        await _host.Platform.PassAsync(Token);

        using var deleted = await _host.Owner.DeleteAsync(new Uri($"/v1/services/{service}", UriKind.Relative), Token);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.DoesNotContain(_host.Platform.World.Instances, instance => instance.Owner == service);
        Assert.DoesNotContain(service, (await _host.Platform.Get<IEngine>().ListAsync(Token)).Owners);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_let_a_deploy_wait_for_ever()
    {
        _host.Platform.World.Slow.Add(_api);
        var id = Id(await PostAsync(Deploys, "{}", HttpStatusCode.Created));
        for (var pass = 0; pass < 8; pass++)
            await _host.Platform.PassAsync(Token);
        Assert.Equal("update_in_progress", (await GetAsync($"{Deploys}/{id}")).GetProperty("status").GetString());

        _host.Platform.Time.AdjustTime(_host.Platform.Time.GetUtcNow().AddDays(-300));
        await _host.Platform.PassAsync(Token);
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(14));
        await _host.Platform.PassAsync(Token);
        Assert.Equal("update_in_progress", (await GetAsync($"{Deploys}/{id}")).GetProperty("status").GetString());
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(1));
        await _host.Platform.PassAsync(Token);
        Assert.Equal("update_failed", (await GetAsync($"{Deploys}/{id}")).GetProperty("status").GetString());
        Assert.Equal(900, (await EndedAsync("deploy_ended")).GetProperty("timedOutSeconds").GetInt32());
    }

    [Fact]
    public async Task Filters_and_cursors_choose_from_the_newest_to_the_oldest()
    {
        var first = (await GetAsync(Deploys))[0].GetProperty("deploy");
        _host.Platform.Time.Advance(TimeSpan.FromHours(1));
        await PostAsync(Deploys, "{}", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        var between = Uri.EscapeDataString(first.GetProperty("createdAt").GetDateTimeOffset().AddMinutes(30).ToString("O"));

        Assert.Equal(["live"], await StatusesAsync("?status=live"));
        Assert.Equal(["live", "deactivated"], await StatusesAsync("?status=live,deactivated&status=canceled"));
        foreach (var time in (string[])["created", "finished"])
        {
            Assert.Equal(["live"], await StatusesAsync($"?{time}After={between}"));
            Assert.Equal(["deactivated"], await StatusesAsync($"?{time}Before={between}"));
        }
        var page = await GetAsync($"{Deploys}?limit=1");
        var rest = await GetAsync($"{Deploys}?limit=1&cursor={page[0].GetProperty("cursor").GetString()}");
        Assert.Equal(Id(first), Id(rest[0].GetProperty("deploy")));
    }

    [Fact]
    public async Task A_viewer_sees_and_does_not_deploy_and_a_stranger_sees_nothing()
    {
        var viewer = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        var other = await _host.MemberAsync(Role.Admin, null, Token);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");

        using var seen = await viewer.GetAsync(new Uri(Deploys, UriKind.Relative), Token);
        using var refused = await viewer.PostAsync(new Uri(Deploys, UriKind.Relative), body, Token);
        using var hidden = await other.GetAsync(new Uri(Deploys, UriKind.Relative), Token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (seen.StatusCode, refused.StatusCode, hidden.StatusCode));
    }

    private async Task<JsonElement> EndedAsync(string type) =>
        (await GetAsync($"/v1/services/{_api}/events?type={type}"))[0].GetProperty("event").GetProperty("details").GetProperty("reason").GetProperty("failure");

    private int Builds() => _host.Platform.World.Runs.Values.Count(run => run.IsBuild && run.Owner == _api);

    private async Task ApplyAsync(string commit)
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = commit }, Token);
        await _host.Platform.SettleAsync(Token);
    }

    private async Task<string?[]> StatusesAsync(string query) =>
        [.. (await GetAsync(Deploys + query)).EnumerateArray().Select(item => item.GetProperty("deploy").GetProperty("status").GetString())];

    private Task<JsonElement> GetAsync(string path) => _host.Owner.ReadAsync(path, Token);

    private Task<JsonElement> PostAsync(string path, string? body, HttpStatusCode expected) =>
        _host.Owner.SendAsync(HttpMethod.Post, path, body, expected, Token);

    private async Task<string> RefusedAsync(string path, string? body, HttpStatusCode expected) =>
        (await PostAsync(path, body, expected)).GetProperty("message").GetString()!;

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;
}
