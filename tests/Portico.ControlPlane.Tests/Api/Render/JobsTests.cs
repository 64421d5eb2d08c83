using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class JobsTests : IAsyncLifetime
{
    private const string Blueprint = Scenario.Blueprint + """

          - type: cron
            name: nightly
            runtime: node
            rootDir: worker
            plan: standard
            schedule: "0 3 * * *"
            buildCommand: make
            startCommand: sweep
        """;

    private ApiHost _host = null!;
    private string _api = "", _cron = "", _site = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Jobs => $"/v1/services/{_api}/jobs";

    private string Runs => $"/v1/cron-jobs/{_cron}/runs";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        string IdOf(string name) => db.Services.Single(row => row.Name == name).Id;
        (_api, _cron, _site) = (IdOf("api"), IdOf("nightly"), IdOf("web"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_job_runs_once_in_the_live_deploys_artifact_and_variables()
    {
        var live = (await GetAsync($"/v1/services/{_api}/deploys?status=live"))[0].GetProperty("deploy").GetProperty("id").GetString()!;
        var created = await PostAsync(Jobs, """{"startCommand":"npm run task","planId":""}""", HttpStatusCode.Created);
        Assert.Equal(("pending", "plan-srv-006"), (created.GetProperty("status").GetString(), created.GetProperty("planId").GetString()));
        await _host.Platform.RestartAsync(Token);
        await _host.Platform.SettleAsync(Token);

        var job = await GetAsync($"{Jobs}/{Id(created)}");
        Assert.Equal("succeeded", job.GetProperty("status").GetString());
        Assert.True(job.GetProperty("finishedAt").GetDateTimeOffset() >= job.GetProperty("startedAt").GetDateTimeOffset());
        var run = _host.Platform.World.Jobs[new RunId(Id(created))];
        Assert.Equal((new ArtifactId(live), new Command.Shell("npm run task")), (run.Revision.Artifact!.Value, run.Command));
        Assert.Contains("DATABASE_URL", run.Revision.Environment.Keys);
        Assert.Equal(1, _host.Platform.World.Starts[run.Id]);
        var told = (await GetAsync($"/v1/services/{_api}/events?type=job_run_ended"))[0].GetProperty("event").GetProperty("details");
        Assert.Equal((Id(created), "succeeded"), (told.GetProperty("jobId").GetString(), told.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task A_job_has_the_plan_that_was_asked_for()
    {
        var created = await PostAsync(Jobs, """{"startCommand":"x","planId":"plan-srv-008"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(2L << 30, _host.Platform.World.Jobs[new RunId(Id(created))].Revision.Limits.MemoryBytes);
    }

    [Theory]
    [InlineData("""{"startCommand":""}""", "startCommand: ")]
    [InlineData("""{"startCommand":"  "}""", "startCommand: ")]
    [InlineData("""{"planId":"plan-srv-006"}""", "startCommand: ")]
    [InlineData("""{"startCommand":null}""", "startCommand: ")]
    [InlineData("""{"startCommand":"x","planId":"plan-of-mine"}""", "planId: ")]
    public async Task A_job_that_cannot_be_is_refused(string body, string start)
    {
        var error = await PostAsync(Jobs, body, HttpStatusCode.BadRequest);

        Assert.StartsWith(start, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_runs_in_a_site_or_in_what_was_never_live()
    {
        await PostAsync($"/v1/services/{_site}/jobs", """{"startCommand":"x"}""", HttpStatusCode.BadRequest);
        await PostAsync($"/v1/services/{_api}/suspend", null, HttpStatusCode.Accepted);
        await PostAsync(Jobs, """{"startCommand":"x"}""", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_running_job_is_cancelled_with_all_that_it_started()
    {
        _host.Platform.World.RunsTakeLong = true;
        var created = await PostAsync(Jobs, """{"startCommand":"x"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        Assert.Equal("running", (await GetAsync($"{Jobs}/{Id(created)}")).GetProperty("status").GetString());

        await PostAsync($"{Jobs}/{Id(created)}/cancel", null, HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal("canceled", (await GetAsync($"{Jobs}/{Id(created)}")).GetProperty("status").GetString());
        Assert.IsType<RunState.Failed>(_host.Platform.World.Runs[new RunId(Id(created))].State);
        await PostAsync($"{Jobs}/{Id(created)}/cancel", null, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Jobs_that_fail_or_vanish_are_failed_and_never_started_again()
    {
        _host.Platform.World.FailingRuns.Add(_api);
        var failed = await PostAsync(Jobs, """{"startCommand":"x"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        _host.Platform.World.FailingRuns.Clear();
        _host.Platform.World.RunsTakeLong = true;
        var lost = await PostAsync(Jobs, """{"startCommand":"x"}""", HttpStatusCode.Created);
        await _host.Platform.SettleAsync(Token);
        _host.Platform.World.Runs.Remove(new RunId(Id(lost)));
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(
            [Id(lost), Id(failed)],
            (await GetAsync($"{Jobs}?status=failed")).EnumerateArray().Select(item => Id(item.GetProperty("job"))));
        Assert.Equal(1, _host.Platform.World.Starts[new RunId(Id(lost))]);
        Assert.Empty((await GetAsync($"{Jobs}?status=succeeded,running")).EnumerateArray());
    }

    [Fact]
    public async Task A_run_that_is_asked_for_cancels_the_one_under_way()
    {
        _host.Platform.World.RunsTakeLong = true;
        var first = await PostAsync(Runs, null, HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);
        _host.Platform.World.RunsTakeLong = false;
        var second = await PostAsync(Runs, null, HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(("pending", "owner@localhost"), (second.GetProperty("status").GetString(), second.GetProperty("triggeredBy").GetString()));
        var ended = (await GetAsync($"/v1/services/{_cron}/events?type=cron_job_run_ended")).EnumerateArray()
            .Select(item => item.GetProperty("event").GetProperty("details"))
            .ToDictionary(item => item.GetProperty("cronJobRunId").GetString()!, item => item.GetProperty("status").GetString());
        Assert.Equal(("canceled", "successful"), (ended[Id(first)], ended[Id(second)]));
        Assert.Equal("sweep", ((Command.Shell)_host.Platform.World.Jobs[new RunId(Id(second))].Command).Line);
        Assert.True((await GetAsync($"/v1/services/{_cron}")).GetProperty("serviceDetails").TryGetProperty("lastSuccessfulRunAt", out _));
    }

    [Fact]
    public async Task A_run_is_cancelled_and_no_other_service_is_a_cron_job()
    {
        _host.Platform.World.RunsTakeLong = true;
        var run = await PostAsync(Runs, null, HttpStatusCode.OK);
        await _host.Platform.SettleAsync(Token);
        await _host.Owner.SendAsync(HttpMethod.Delete, Runs, null, HttpStatusCode.NoContent, Token);
        await _host.Owner.SendAsync(HttpMethod.Delete, Runs, null, HttpStatusCode.NoContent, Token);
        await _host.Platform.SettleAsync(Token);

        Assert.IsType<RunState.Failed>(_host.Platform.World.Runs[new RunId(Id(run))].State);
        await PostAsync($"/v1/cron-jobs/{_api}/runs", null, HttpStatusCode.BadRequest);
        await PostAsync("/v1/cron-jobs/crn-00000000000000000000/runs", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_deploy_leaves_a_run_under_way_alone_and_a_run_ends_after_twelve_hours()
    {
        _host.Platform.World.RunsTakeLong = true;
        var run = Id(await PostAsync(Runs, null, HttpStatusCode.OK));
        await _host.Platform.SettleAsync(Token);
        var before = _host.Platform.World.Jobs[new RunId(run)];
        Assert.Equal(TimeSpan.FromHours(12), before.Timeout);

        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint, Commit = UploadedSource.Second }, Token);
        _host.Platform.World.Runs.Values.Where(item => item.IsBuild).ToList().ForEach(build => build.State = new RunState.Succeeded(new ArtifactId(build.Id.Value)));
        await _host.Platform.SettleAsync(Token);

        Assert.IsType<RunState.Running>(_host.Platform.World.Runs[new RunId(run)].State);
        Assert.Equal(before, _host.Platform.World.Jobs[new RunId(run)]);
        Assert.Equal(1, CronRuns());
    }

    [Fact]
    public async Task A_slow_run_delays_the_next_and_at_most_one_waits()
    {
        _host.Platform.World.RunsTakeLong = true;
        for (var day = 0; day < 4; day++)
        {
            _host.Platform.Time.Advance(TimeSpan.FromDays(1));
            await _host.Platform.SettleAsync(Token);
        }
        Assert.Equal(1, CronRuns());

        _host.Platform.World.RunsTakeLong = false;
        await _host.Platform.SettleAsync(Token);
        Assert.Equal(2, CronRuns());
    }

    [Fact]
    public async Task A_suspended_cron_job_does_not_run_and_makes_nothing_up_for_it()
    {
        await PostAsync($"/v1/services/{_cron}/suspend", null, HttpStatusCode.Accepted);
        _host.Platform.Time.Advance(TimeSpan.FromDays(3));
        await _host.Platform.SettleAsync(Token);
        await PostAsync($"/v1/services/{_cron}/resume", null, HttpStatusCode.Accepted);
        await _host.Platform.SettleAsync(Token);

        Assert.Equal(0, CronRuns());
    }

    private int CronRuns() => _host.Platform.World.Jobs.Count(job => job.Value.Revision.Owner == _cron);

    private Task<JsonElement> GetAsync(string path) => _host.Owner.ReadAsync(path, Token);

    private Task<JsonElement> PostAsync(string path, string? body, HttpStatusCode expected) =>
        _host.Owner.SendAsync(HttpMethod.Post, path, body, expected, Token);

    private static string Id(JsonElement item) => item.GetProperty("id").GetString()!;
}
