using Cronos;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Storage;
using Portico.Core.Jobs;
using Portico.Core.Services;

namespace Portico.ControlPlane.Jobs;

/// <summary>Makes one run for each time of a cron job's schedule.</summary>
/// <remarks>
/// How far a schedule has been followed is moved on in the save that adds the run: a crash leaves both or neither. Times
/// that were missed, because nothing ran here or because a run took longer than its interval, are made up for once.
/// </remarks>
public sealed class CronScheduler(
    IDbContextFactory<PorticoDb> databases, NewJobs jobs, Wakeups wakeups, TimeProvider time) : IReconciler
{
    // A clock that was set is noticed within this time.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(15);

    public string Name => "cron";

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking()
            .Where(row => row.Type == ServiceType.CronJob && !row.Suspended && row.RoutedDeployId != null)
            .ToListAsync(cancellationToken);
        var followed = services.Select(service => service.Id).ToList();
        await db.CronSchedules.Where(row => !followed.Contains(row.ServiceId)).ExecuteDeleteAsync(cancellationToken);
        var sleep = services.Count == 0 ? (TimeSpan?)null : LongestSleep;
        foreach (var service in services)
            if (await FollowAsync(db, service, cancellationToken) is { } next && next - time.GetUtcNow() < sleep)
                sleep = next - time.GetUtcNow();
        return sleep < TimeSpan.Zero ? TimeSpan.Zero : sleep;
    }

    /// <returns>The next time of the schedule; null when there is none, as for 30 February.</returns>
    private async Task<DateTimeOffset?> FollowAsync(PorticoDb db, ServiceRow service, CancellationToken cancellationToken)
    {
        if (service.Settings.Schedule is not { } text || !CronExpression.TryParse(text, CronFormat.Standard, out var schedule))
            return null;
        var now = time.GetUtcNow();
        var row = await db.CronSchedules.FindAsync([service.Id], cancellationToken);
        if (row?.Schedule != text)
            await BeginAsync(db, row, service.Id, text, now, cancellationToken);
        else if (schedule.GetPreviousOccurrence(now, TimeZoneInfo.Utc, inclusive: true) is { } due && due > row.FollowedUntil)
            await RunAsync(db, row, service, due, cancellationToken);
        return schedule.GetNextOccurrence(now, TimeZoneInfo.Utc);
    }

    /// <summary>A new or changed schedule begins now: what it would have done before concerns nobody.</summary>
    private static async Task BeginAsync(
        PorticoDb db, CronScheduleRow? row, string service, string schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (row is null)
            db.CronSchedules.Add(row = new CronScheduleRow { ServiceId = service, Schedule = schedule, FollowedUntil = now });
        (row.Schedule, row.FollowedUntil) = (schedule, now);
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task RunAsync(
        PorticoDb db, CronScheduleRow row, ServiceRow service, DateTimeOffset due, CancellationToken cancellationToken)
    {
        var waiting = await NewJobs.ActiveRuns(db, service.Id).AnyAsync(run => run.Status == JobStatus.Pending, cancellationToken);
        if (!waiting)
        {
            var deploy = await db.Deploys.AsNoTracking().SingleAsync(item => item.Id == service.RoutedDeployId, cancellationToken);
            jobs.AddScheduledRun(db, service, deploy, due);
        }
        row.FollowedUntil = due;
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
        wakeups.Signal();
    }
}
