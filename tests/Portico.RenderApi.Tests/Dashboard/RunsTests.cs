using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Jobs;
using Portico.Core.Services;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>One-off jobs with their exit codes, and cron jobs with their schedule.</summary>
public sealed class RunsTests : IAsyncLifetime
{
    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("* * * * *", "Every minute")]
    [InlineData("*/5 * * * *", "Every 5 minutes")]
    [InlineData("0 * * * *", "Every hour")]
    [InlineData("0 */6 * * *", "Every 6 hours")]
    [InlineData("15 * * * *", "At minute 15 of every hour")]
    [InlineData("0 3 * * *", "Every day at 03:00")]
    [InlineData("30 9,17 * * *", "Every day at 09:30 and 17:30")]
    [InlineData("0 3 * * 1-5", "At 03:00, Monday to Friday")]
    [InlineData("0 3 * * MON,WED,7", "At 03:00, Monday, Wednesday and Sunday")]
    [InlineData("0 0 1 * *", "At 00:00, on day 1 of the month")]
    [InlineData("0 0 13 * 5", "At 00:00, on day 13 of the month, if it is Friday")]
    [InlineData("0 0 1 1,JUL *", "At 00:00, on day 1 of the month, in January and July")]
    [InlineData("*/10 8-18 * * *", "Every 10 minutes of the hours 8 to 18")]
    [InlineData("0 0 */2 * *", "At 00:00, every 2nd day of the month")]
    [InlineData("0 8-18/2 * * *", null)]
    public void A_schedule_is_told_in_words(string schedule, string? words) => Assert.Equal(words, CronWords.Of(schedule));

    [Fact]
    public async Task A_cron_job_tells_its_next_times()
    {
        await using (var db = await _server.Platform.OpenAsync(Token))
        {
            var worker = await db.Services.SingleAsync(row => row.Id == _world.Worker, Token);
            db.Services.Add(new ServiceRow
            {
                Id = "srv-cron0000000000000000",
                WorkspaceId = _world.Workspace,
                Name = "nightly",
                Slug = "nightly",
                Type = ServiceType.CronJob,
                Settings = worker.Settings with { Schedule = "0 3 * * *", Disk = null },
                RoutedDeployId = worker.RoutedDeployId,
                CreatedAt = worker.CreatedAt,
                UpdatedAt = worker.CreatedAt,
            });
            await db.SaveChangesAsync(Token);
        }
        var now = _server.Platform.Time.GetUtcNow();
        var schedule = (await ReadAsync("srv-cron0000000000000000")).Schedule!;
        Assert.Equal(("0 3 * * *", "Every day at 03:00", (string?)null), (schedule.Expression, schedule.Text, schedule.Paused));
        Assert.Equal(3, schedule.Next.Count);
        Assert.InRange(schedule.Next[0] - now, TimeSpan.Zero, TimeSpan.FromDays(1));
        Assert.Equal(TimeSpan.FromDays(1), schedule.Next[1] - schedule.Next[0]);

        await using (var db = await _server.Platform.OpenAsync(Token))
            await db.Services.Where(row => row.Name == "nightly").ExecuteUpdateAsync(set => set.SetProperty(row => row.Suspended, true), Token);
        schedule = (await ReadAsync("srv-cron0000000000000000")).Schedule!;
        Assert.Equal("It is suspended.", schedule.Paused);
        Assert.Empty(schedule.Next);
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_with_their_exit_codes()
    {
        await using (var db = await _server.Platform.OpenAsync(Token))
        {
            var deploy = await db.Deploys.FirstAsync(row => row.ServiceId == _world.Api, Token);
            db.Jobs.AddRange(JobOf(deploy.Id, "job-a", JobStatus.Failed, 3, -20), JobOf(deploy.Id, "job-b", JobStatus.Unknown, null, -10), JobOf(deploy.Id, "job-c", JobStatus.Succeeded, null, -1));
            await db.SaveChangesAsync(Token);
        }
        var runs = await ReadAsync(_world.Api);
        Assert.Null(runs.Schedule);
        Assert.Equal([("job-c", "succeeded", 0), ("job-b", "unknown", null), ("job-a", "failed", 3)], runs.Runs.Select(run => (run.Id, run.Status, run.ExitCode)));
        Assert.Equal("make", runs.Runs[0].Command);
    }

    [Fact]
    public async Task Every_member_sees_them_and_nobody_else()
    {
        using var viewer = await SendAsync(_world.Api, _server.Cast.Members[Role.Viewer]);
        Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
        using var foreigner = await SendAsync(_world.Api, _server.Cast.Foreigner);
        Assert.Equal(HttpStatusCode.NotFound, foreigner.StatusCode);
        using var refused = await SendAsync(_world.Api, _server.Cast.Owner, "?limit=0");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private JobRow JobOf(string deploy, string id, JobStatus status, int? exitCode, int minute) => new()
    {
        Id = id,
        ServiceId = _world.Api,
        Kind = JobKind.OneOff,
        DeployId = deploy,
        Command = "make",
        PlanId = "",
        Status = status,
        ExitCode = exitCode,
        CreatedAt = _server.Platform.Time.GetUtcNow().AddMinutes(minute),
    };

    private async Task<ServiceRuns> ReadAsync(string service)
    {
        using var response = await SendAsync(service, _server.Cast.Owner);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.ServiceRuns, Token))!;
    }

    private Task<HttpResponseMessage> SendAsync(string service, Someone by, string query = "") =>
        _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/portico/v1/services/{service}/runs{query}"), by, Token);
}
