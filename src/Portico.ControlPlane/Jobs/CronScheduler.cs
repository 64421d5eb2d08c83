using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Core.Jobs;
using Portico.Core.Services;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Jobs;

/// <summary>Creates a run for each time of a cron job's schedule.</summary>
/// <remarks>
/// The progress of a schedule is stored in the save that adds the run: a crash leaves both or neither. If times were missed
/// because the server was down or a run took longer than its interval, one run makes up for them. Due schedules are found by
/// an index, so that a check of a hundred thousand schedules costs nothing if none is due.
/// </remarks>
internal sealed class CronScheduler(
    IDbContextFactory<PorticoDb> databases, StateVersion version, NewJobs jobs, Wakeups wakeups, RetriesFactory retries,
    TimeProvider time) : IReconciler
{
    private const string LoopName = "cron";

    private const int Batch = 500;

    // A clock that was set is noticed within this time.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(15);

    // Each run that starts or ends changes the state, and almost never a schedule.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private long? _state;
    private string? _followed;
    private DateTimeOffset _looked;

    private readonly ItemRetries _schedules = retries.Create(LoopName, "schedule of");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var again = await FollowAsync(cancellationToken);
        while (await RunDueAsync(cancellationToken) == Batch)
            wakeups.Signal();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var next = await db.CronSchedules.Where(row => row.NextAt != null).OrderBy(row => row.NextAt).Select(row => row.NextAt)
            .FirstOrDefaultAsync(cancellationToken);
        var sleep = next - time.GetUtcNow() is { } until && until < LongestSleep ? until : LongestSleep;
        sleep = again is { } soon && soon < sleep ? soon : sleep;
        // What is due and fails stays due: the others are looked at again when it is retried.
        var shortest = _schedules.UntilNext() ?? TimeSpan.Zero;
        return sleep < shortest ? shortest : sleep;
    }

    /// <returns>When to check for changes again; null if everything is known.</returns>
    private async Task<TimeSpan?> FollowAsync(CancellationToken cancellationToken)
    {
        var (now, state) = (time.GetUtcNow(), version.Read());
        var wasSetBack = now < _looked;
        if (state == _state && !wasSetBack)
            return null;
        if (now - _looked < BetweenLooks && !wasSetBack)
            return BetweenLooks;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await CronSchedules.StampAsync(db, cancellationToken);
        if (services != _followed || wasSetBack)
            await CronSchedules.FollowAsync(db, now, cancellationToken);
        (_state, _followed, _looked) = (state, services, now);
        return null;
    }

    /// <returns>The number of due schedules; a full batch means that there may be more.</returns>
    private async Task<int> RunDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        var due = await db.CronSchedules.Where(row => row.NextAt != null && row.NextAt <= now).OrderBy(row => row.NextAt)
            .Take(Batch).ToListAsync(cancellationToken);
        // One whose times cannot be computed must not hold up the others.
        due.RemoveAll(row => !_schedules.Try(row.ServiceId, () => _ = TimeOf(row, now)));
        if (due.Count == 0)
            return 0;
        var runs = await RunsAsync(db, due, now, cancellationToken);
        var followed = due.Count(row => _schedules.Try(row.ServiceId, () => Follow(db, row, runs.GetValueOrDefault(row.ServiceId), now)));
        await db.SaveChangesAsync(cancellationToken);
        if (followed > 0)
            wakeups.Signal();
        return followed;
    }

    private void Follow(PorticoDb db, CronScheduleRow row, Run? run, DateTimeOffset now)
    {
        var at = TimeOf(row, now);
        var next = CronSchedules.NextAfter(row.Schedule, at);
        if (run is not null)
            jobs.AddScheduledRun(db, row.ServiceId, run.Deploy, run.Command, JobPlans.IdOf(ServiceType.CronJob, run.Settings), at);
        // What is suspended or has no deploy any more is about to be followed no longer: its times pass.
        (row.FollowedUntil, row.NextAt) = (at, next);
        row.Version++;
    }

    /// <summary>Returns the time that a run is for. If several times have passed, the newest one stands for all.</summary>
    private static DateTimeOffset TimeOf(CronScheduleRow row, DateTimeOffset now) =>
        CronSchedules.LastUntil(row.Schedule, now) is { } last && last > row.NextAt ? last : row.NextAt!.Value;

    private sealed record Run(string Deploy, string Command, ServiceSettings Settings);

    /// <summary>
    /// Returns the runs to create. A schedule is skipped if a run is already waiting, or if the time already had its run
    /// because the clock was set back.
    /// </summary>
    private static async Task<Dictionary<string, Run>> RunsAsync(
        PorticoDb db, List<CronScheduleRow> due, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ids = due.Select(row => row.ServiceId).ToList();
        var first = due.Min(row => row.NextAt);
        var jobs = await db.Jobs.AsNoTracking()
            .Where(job => ids.Contains(job.ServiceId) && job.Kind == JobKind.CronRun && (job.Status == JobStatus.Pending || job.ScheduledFor >= first))
            .Select(job => new { job.ServiceId, job.Status, job.ScheduledFor }).ToListAsync(cancellationToken);
        var times = due.ToDictionary(row => row.ServiceId, row => TimeOf(row, now));
        var served = jobs.Where(job => job.Status == JobStatus.Pending || job.ScheduledFor == times[job.ServiceId]).Select(job => job.ServiceId).ToHashSet();
        var live = await (from service in CronSchedules.Followed(db)
                          join deploy in db.Deploys on service.RoutedDeployId equals deploy.Id
                          where ids.Contains(service.Id)
                          select new { service.Id, service.Settings, Deploy = deploy.Id, Deployed = deploy.Settings }).ToListAsync(cancellationToken);
        return live.Where(item => !served.Contains(item.Id))
            .ToDictionary(item => item.Id, item => new Run(item.Deploy, item.Deployed.StartCommand ?? "", item.Settings));
    }
}
