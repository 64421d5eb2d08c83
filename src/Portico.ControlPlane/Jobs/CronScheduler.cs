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
/// an index, so that a check of a hundred thousand schedules costs nothing if none is due. Each schedule is saved on its own,
/// so that one that cannot be saved delays no other.
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

    // Each step has its own: a step that succeeds must not shorten the delay of another one that fails.
    private readonly ItemRetries _schedules = retries.Create(LoopName, "schedule of"), _runs = retries.Create(LoopName, "scheduled run of");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var again = await FollowAsync(now, cancellationToken);
        while (await RunDueAsync(now, cancellationToken) == Batch)
            wakeups.Signal();
        var pauses = (TimeSpan?[])[LongestSleep, again, await UntilNextAsync(now, cancellationToken), _schedules.UntilNext(), _runs.UntilNext()];
        return pauses.Min();
    }

    /// <summary>Returns how long it is until the next schedule becomes due. One that was due and failed has its own time for a retry.</summary>
    private async Task<TimeSpan?> UntilNextAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var left = await db.CronSchedules.Where(row => row.NextAt > now).MinAsync(row => row.NextAt, cancellationToken) - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : left is null ? null : TimeSpan.Zero;
    }

    /// <returns>When to check for changes again; null if everything is known, or waits for a retry.</returns>
    private async Task<TimeSpan?> FollowAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (state, wasSetBack) = (version.Read(), now < _looked);
        if (state == _state && !wasSetBack)
            return null;
        if (now - _looked < BetweenLooks && !wasSetBack)
            return BetweenLooks;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await CronSchedules.StampAsync(db, cancellationToken);
        var isDone = (services == _followed && !wasSetBack) || await CronSchedules.FollowAsync(databases, _schedules, now, cancellationToken);
        // What is not done is looked for again when it is retried.
        (_state, _followed, _looked) = (isDone ? state : null, isDone ? services : null, now);
        return null;
    }

    /// <returns>The number of due schedules; a full batch means that there may be more.</returns>
    private async Task<int> RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var due = await _runs.TakeAsync(
            db.CronSchedules.AsNoTracking().Where(row => row.NextAt <= now).OrderBy(row => row.NextAt), row => row.ServiceId, Batch, cancellationToken);
        if (due.Count == 0)
            return 0;
        var work = await WorkAsync(db, due, cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        var saved = 0;
        foreach (var row in due)
            saved += await _runs.TryAsync(row.ServiceId, token => RunAsync(db, row, work, now, token), cancellationToken) ? 1 : 0;
        if (saved > 0)
            wakeups.Signal();
        return due.Count;
    }

    private async Task RunAsync(PorticoDb db, CronScheduleRow row, DueWork work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Nothing of a schedule that could not be saved may be saved with the next one.
        db.ChangeTracker.Clear();
        var at = TimeOf(row, now);
        var next = CronSchedules.NextAfter(row.Schedule, at);
        if (work.Live.TryGetValue(row.ServiceId, out var run) && !work.HasRun(row.ServiceId, at))
            jobs.AddScheduledRun(db, row.ServiceId, run.Deploy, run.Command, JobPlans.IdOf(ServiceType.CronJob, run.Settings), at);
        db.CronSchedules.Attach(row);
        // Without a run if the service is suspended or has no deploy: its row is about to be deleted.
        (row.FollowedUntil, row.NextAt) = (at, next);
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Returns the time that a run is for. If several times have passed, the newest one stands for all.</summary>
    private static DateTimeOffset TimeOf(CronScheduleRow row, DateTimeOffset now) =>
        CronSchedules.LastUntil(row.Schedule, now) is { } last && last > row.NextAt ? last : row.NextAt!.Value;

    private sealed record Run(string Deploy, string Command, ServiceSettings Settings);

    /// <param name="Live">What each service runs.</param>
    /// <param name="Jobs">The runs that are waiting, and those for a time that is due.</param>
    private sealed record DueWork(Dictionary<string, Run> Live, ILookup<string, (JobStatus Status, DateTimeOffset? For)> Jobs)
    {
        /// <summary>Whether a run is already waiting, or the time already had its run because the clock was set back.</summary>
        public bool HasRun(string service, DateTimeOffset at) => Jobs[service].Any(job => job.Status == JobStatus.Pending || job.For == at);
    }

    private static async Task<DueWork> WorkAsync(PorticoDb db, List<CronScheduleRow> due, CancellationToken cancellationToken)
    {
        var ids = due.Select(row => row.ServiceId).ToList();
        var first = due.Min(row => row.NextAt);
        var jobs = await db.Jobs.AsNoTracking()
            .Where(job => ids.Contains(job.ServiceId) && job.Kind == JobKind.CronRun && (job.Status == JobStatus.Pending || job.ScheduledFor >= first))
            .Select(job => new { job.ServiceId, job.Status, job.ScheduledFor }).ToListAsync(cancellationToken);
        var live = await (from service in CronSchedules.Followed(db)
                          join deploy in db.Deploys on service.RoutedDeployId equals deploy.Id
                          where ids.Contains(service.Id)
                          select new { service.Id, service.Settings, Deploy = deploy.Id, Deployed = deploy.Settings }).ToListAsync(cancellationToken);
        return new DueWork(
            live.ToDictionary(item => item.Id, item => new Run(item.Deploy, item.Deployed.StartCommand ?? "", item.Settings)),
            jobs.ToLookup(job => job.ServiceId, job => (job.Status, job.ScheduledFor)));
    }
}
