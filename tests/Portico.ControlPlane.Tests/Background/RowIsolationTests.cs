using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sleep;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Jobs;
using Portico.Core.Sleep;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Background;

/// <summary>A row that cannot be saved delays no row of another resource, and is saved once it can be.</summary>
public sealed class RowIsolationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_schedule_that_cannot_be_saved_delays_no_other()
    {
        await using var platform = await SchedulesAsync();
        await using var db = await platform.OpenAsync(Token);
        await platform.Get<CronScheduler>().ReconcileAsync(Token);
        var broken = await IdAsync(db, "b");
        await RefusedRows.RefuseAsync(db, "CronSchedules", $"row.ServiceId = '{broken}'", Token);
        var start = platform.Time.GetUtcNow();
        for (var day = 1; day <= 2; day++)
        {
            platform.Time.Advance(start.AddDays(day) - platform.Time.GetUtcNow());
            for (var look = 0; look < 5; look++)
                await platform.Get<CronScheduler>().ReconcileAsync(Token);
            foreach (var name in (string[])["a", "c"])
                Assert.Equal(day, await RunsAsync(db, name));
            await db.Jobs.ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, JobStatus.Succeeded), Token);
        }
        Assert.Equal(0, await RunsAsync(db, "b"));
        Assert.Equal(broken, Assert.Single(FailingOf(platform, "cron")).Item);

        await RefusedRows.AcceptAsync(db, "CronSchedules", Token);
        platform.Time.Advance(TimeSpan.FromMinutes(1));
        await platform.Get<CronScheduler>().ReconcileAsync(Token);
        Assert.Equal(1, await RunsAsync(db, "b"));
        Assert.Empty(FailingOf(platform, "cron"));
    }

    [Fact]
    public async Task A_schedule_that_keeps_failing_is_tried_later_and_later_and_the_others_are_on_time()
    {
        await using var platform = await SchedulesAsync("*/5 * * * *");
        await using var db = await platform.OpenAsync(Token);
        var scheduler = platform.Get<CronScheduler>();
        await scheduler.ReconcileAsync(Token);
        await RefusedRows.RefuseAsync(db, "CronSchedules", $"row.ServiceId = '{await IdAsync(db, "b")}'", Token);
        platform.Time.Advance(TimeSpan.FromMinutes(5));
        var due = platform.Time.GetUtcNow().AddMinutes(5);
        for (var look = 0; platform.Time.GetUtcNow() < due; look++)
        {
            var pause = await scheduler.ReconcileAsync(Token);
            Assert.InRange(pause!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(5));
            platform.Time.Advance(pause.Value);
            Assert.True(look < 20, "the failing one is not tried at every look");
        }
        await scheduler.ReconcileAsync(Token);
        var times = await db.Jobs.Where(row => row.ServiceId == db.Services.Single(service => service.Name == "a").Id).CountAsync(Token);
        Assert.Equal(1, times);
        Assert.InRange(Assert.Single(FailingOf(platform, "cron")).Attempts, 7, 11);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_added_keeps_no_other_from_being_followed()
    {
        await using var platform = await SchedulesAsync();
        await using var db = await platform.OpenAsync(Token);
        var broken = await IdAsync(db, "a");
        await db.CronSchedules.ExecuteDeleteAsync(Token);
        await RefusedRows.RefuseAsync(db, "CronSchedules", $"row.ServiceId = '{broken}'", Token);
        var scheduler = platform.Get<CronScheduler>();
        await ChangeAsync(platform, db);
        await scheduler.ReconcileAsync(Token);
        Assert.Equal(2, await db.CronSchedules.CountAsync(Token));

        await RefusedRows.AcceptAsync(db, "CronSchedules", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(5));
        await scheduler.ReconcileAsync(Token);
        Assert.Equal(3, await db.CronSchedules.CountAsync(Token));
        Assert.Empty(FailingOf(platform, "cron"));
    }

    [Fact]
    public async Task A_branch_whose_row_cannot_be_added_or_deleted_delays_no_other()
    {
        await using var platform = await BranchesAsync("a", "b", "c");
        await using var db = await platform.OpenAsync(Token);
        await RefusedRows.RefuseAsync(db, "FollowedBranches", "row.Branch = 'b'", Token);
        var followed = platform.Get<FollowedBranches>();
        await followed.ReconcileAsync(Token);
        Assert.Equal(["a", "c"], await BranchNamesAsync(db));
        await RefusedRows.AcceptAsync(db, "FollowedBranches", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(6));
        await followed.ReconcileAsync(Token);
        Assert.Equal(["a", "b", "c"], await BranchNamesAsync(db));

        await RefusedRows.RefuseAsync(db, "FollowedBranches", "row.Branch = 'b'", Token);
        await db.Services.ExecuteUpdateAsync(set => set.SetProperty(row => row.Suspended, true), Token);
        platform.Time.Advance(TimeSpan.FromSeconds(6));
        await followed.ReconcileAsync(Token);
        Assert.Equal(["b"], await BranchNamesAsync(db));
        Assert.Single(FailingOf(platform, "followed branches"));
    }

    [Fact]
    public async Task More_checks_of_branches_that_throw_than_may_run_at_once_take_no_place_of_another()
    {
        string[] bad = ["bad-1", "bad-2", "bad-3", "bad-4", "bad-5", "bad-6"];
        await using var platform = await BranchesAsync([.. bad, "good"]);
        await using var db = await platform.OpenAsync(Token);
        var followed = platform.Get<FollowedBranches>();
        await followed.ReconcileAsync(Token);
        // The bad ones are due first, and their results cannot be stored.
        var due = platform.Time.GetUtcNow();
        await db.FollowedBranches.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextLookAt, due.AddSeconds(-10)), Token);
        await db.FollowedBranches.Where(row => row.Branch == "good").ExecuteUpdateAsync(set => set.SetProperty(row => row.NextLookAt, due), Token);
        await RefusedRows.RefuseAsync(db, "FollowedBranches", "row.Branch LIKE 'bad%'", Token);
        for (var look = 0; look < 3; look++)
        {
            await followed.ReconcileAsync(Token);
            await platform.Get<BackgroundWork>().WhenIdleAsync();
        }
        Assert.Equal(["good"], await db.FollowedBranches.AsNoTracking().Where(row => row.LookedAt != null).Select(row => row.Branch).ToListAsync(Token));
        Assert.Equal(bad.Length, FailingOf(platform, "background work").Count);

        await RefusedRows.AcceptAsync(db, "FollowedBranches", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(5));
        for (var look = 0; look < 2; look++)
        {
            await followed.ReconcileAsync(Token);
            await platform.Get<BackgroundWork>().WhenIdleAsync();
        }
        Assert.Equal(bad.Length + 1, await db.FollowedBranches.AsNoTracking().CountAsync(row => row.LookedAt != null, Token));
    }

    [Fact]
    public async Task An_event_that_cannot_be_handled_delays_no_other()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        db.Webhooks.Add(WebhookScenario.Webhook(platform, "receiver.example", "deploy_ended"));
        await db.SaveChangesAsync(Token);
        await db.Events.Where(row => row.Type == "deploy_ended").ExecuteUpdateAsync(set => set.SetProperty(row => row.IsNew, true), Token);
        var events = await db.Events.AsNoTracking().Where(row => row.IsNew).OrderBy(row => row.Id).ToListAsync(Token);
        Assert.True(events.Count > 1);
        await RefusedRows.RefuseAsync(db, "Events", $"row.Id = '{events[0].Id}'", Token);
        await platform.Get<NotificationReconciler>().ReconcileAsync(Token);
        Assert.Equal([events[0].Id], await db.Events.Where(row => row.IsNew).Select(row => row.Id).ToListAsync(Token));
        Assert.Equal(events.Skip(1).Select(item => item.Id), await db.Deliveries.OrderBy(row => row.EventId).Select(row => row.EventId).ToListAsync(Token));

        await RefusedRows.AcceptAsync(db, "Events", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        await platform.Get<NotificationReconciler>().ReconcileAsync(Token);
        Assert.Equal(events.Count, await db.Deliveries.CountAsync(Token));
        Assert.Empty(FailingOf(platform, "notifications"));
    }

    [Fact]
    public async Task More_rows_that_fail_than_fit_into_a_batch_take_no_place_of_another_and_one_that_is_gone_is_forgotten()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        var rows = db.Events.AsNoTracking().OrderBy(row => row.Id);
        var all = await rows.Select(row => row.Id).Take(5).ToListAsync(Token);
        var items = platform.Get<RetriesFactory>().Create("batches", "event");
        Assert.Equal(all.Take(2), await BatchAsync());
        all.Take(3).ToList().ForEach(id => items.Failed(id, new InvalidOperationException("broken")));
        Assert.Equal(all.Skip(3), await BatchAsync());

        platform.Time.Advance(TimeSpan.FromSeconds(1));
        var gone = all[0];
        await db.Events.Where(row => row.Id == gone || row.Id.CompareTo(all[2]) > 0).ExecuteDeleteAsync(Token);
        Assert.Equal(all.Skip(1).Take(2), await BatchAsync());
        Assert.Equal(3, items.Failing.Count);
        items.Failed(all[2], new InvalidOperationException("still broken"));
        Assert.Equal([all[1]], await BatchAsync());
        Assert.Equal(all.Skip(1).Take(2), items.Failing.Select(item => item.Item));

        async Task<List<string>> BatchAsync() => [.. (await items.TakeAsync(rows, row => row.Id, 2, Token)).Select(row => row.Id)];
    }

    [Fact]
    public async Task The_event_of_an_instance_that_cannot_be_saved_delays_no_other()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        var api = await IdAsync(db, "api");
        await RefusedRows.RefuseAsync(db, "Events", $"row.ResourceId = '{api}' AND row.Type = 'server_failed'", Token);
        foreach (var instance in platform.World.Instances.ToList())
            platform.World.Kill(instance);
        await platform.Get<ServiceReconciler>().ReconcileAsync(Token);
        Assert.Equal([await IdAsync(db, "worker")], await FailedAsync(db));
        await RefusedRows.AcceptAsync(db, "Events", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        await platform.Get<ServiceReconciler>().ReconcileAsync(Token);
        Assert.Contains(api, await FailedAsync(db));
    }

    [Fact]
    public async Task A_sleeping_service_that_cannot_be_woken_delays_no_other()
    {
        await using var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First)(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        await db.Services.ExecuteUpdateAsync(set => set.SetProperty(row => row.Sleep, SleepState.Asleep), Token);
        var (api, worker) = (await IdAsync(db, "api"), await IdAsync(db, "worker"));
        await RefusedRows.RefuseAsync(db, "Services", $"row.Id = '{api}'", Token);
        var listener = platform.Get<WakeListener>();
        Assert.False(await listener.WakeAsync([api, worker], Token));
        Assert.Equal(SleepState.Waking, await SleepAsync(db, worker));
        await RefusedRows.AcceptAsync(db, "Services", Token);
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await listener.WakeAsync([], Token));
        Assert.Equal(SleepState.Waking, await SleepAsync(db, api));
    }

    private static Task<SleepState> SleepAsync(PorticoDb db, string id) =>
        db.Services.Where(row => row.Id == id).Select(row => row.Sleep).SingleAsync(Token);

    private static Task<List<string>> FailedAsync(PorticoDb db) =>
        db.Events.Where(row => row.Type == "server_failed").Select(row => row.ResourceId).Distinct().ToListAsync(Token);

    private static Task<string> IdAsync(PorticoDb db, string name) => db.Services.Where(row => row.Name == name).Select(row => row.Id).SingleAsync(Token);

    private static Task<int> RunsAsync(PorticoDb db, string name) =>
        db.Jobs.CountAsync(row => row.ServiceId == db.Services.Single(service => service.Name == name).Id, Token);

    private static Task<List<string>> BranchNamesAsync(PorticoDb db) =>
        db.FollowedBranches.AsNoTracking().OrderBy(row => row.Branch).Select(row => row.Branch).ToListAsync(Token);

    private static IReadOnlyList<FailingItem> FailingOf(SimPlatform platform, string loop) =>
        platform.Get<LoopRegistry>().Read().Single(report => report.Name == loop).Items;

    private static async Task ChangeAsync(SimPlatform platform, PorticoDb db)
    {
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        foreach (var service in await db.Services.ToListAsync(Token))
            service.Version++;
        await db.SaveChangesAsync(Token);
    }

    private static async Task<SimPlatform> SchedulesAsync(string schedule = "0 3 * * *")
    {
        var platform = await SimPlatform.StartAsync(Token);
        var services = string.Concat(((string[])["a", "b", "c"]).Select(name => $"""

              - type: cron
                name: {name}
                runtime: node
                rootDir: worker
                schedule: "{schedule}"
                buildCommand: make
                startCommand: sweep
            """));
        await Scenario.Apply(UploadedSource.First, $"services:{services}")(platform, Token);
        await using var db = await platform.OpenAsync(Token);
        await db.Jobs.ExecuteDeleteAsync(Token);
        return platform;
    }

    private static async Task<SimPlatform> BranchesAsync(params string[] branches)
    {
        var platform = await SimPlatform.StartAsync(Token);
        var remote = Path.Combine(platform.Paths.State, "remote.git");
        UploadedSource.CopyTo(remote);
        foreach (var branch in branches)
            await GitCommand.RunAsync(new GitRepository(remote), ["update-ref", $"refs/heads/{branch}", UploadedSource.First], Token);
        var services = string.Concat(branches.Select(branch => $"""

              - type: worker
                name: of-{branch}
                runtime: node
                repo: file://{remote}
                branch: {branch}
                buildCommand: make
                startCommand: work
            """));
        await Scenario.Apply(UploadedSource.First, $"services:{services}")(platform, Token);
        return platform;
    }
}
