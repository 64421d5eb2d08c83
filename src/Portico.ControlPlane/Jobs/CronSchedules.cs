using Cronos;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Jobs;

/// <summary>Keeps a row for the schedule of every active cron job. Reads only the services that changed.</summary>
internal static class CronSchedules
{
    private const int Batch = 500;

    // A clock that was this much ahead has been set back: what is still to come would wait for it to catch up.
    private static readonly TimeSpan SetBack = TimeSpan.FromHours(1);

    /// <summary>Cron jobs whose schedule is active.</summary>
    public static IQueryable<ServiceRow> Followed(PorticoDb db) =>
        db.Services.Where(row => row.Type == ServiceType.CronJob && !row.Suspended && row.RoutedDeployId != null);

    /// <summary>Returns a text that changes whenever a cron job is created, changed or deleted. It reads only an index.</summary>
    /// <remarks>
    /// Ids and versions only grow. With the same number of jobs and the same newest one, no job was deleted, and the sum of
    /// versions shows any change.
    /// </remarks>
    public static async Task<string> StampAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var stamp = await db.Services.Where(row => row.Type == ServiceType.CronJob).GroupBy(_ => 1)
            .Select(all => new { Count = all.Count(), Newest = all.Max(row => row.Id), Versions = all.Sum(row => (long)row.Version) })
            .FirstOrDefaultAsync(cancellationToken);
        return $"{stamp?.Count} {stamp?.Newest} {stamp?.Versions}";
    }

    public static async Task FollowAsync(PorticoDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.CronSchedules.Where(row => !Followed(db).Any(service => service.Id == row.ServiceId)).ExecuteDeleteAsync(cancellationToken);
        while (await FollowSomeAsync(db, now, cancellationToken) == Batch)
            db.ChangeTracker.Clear();
        foreach (var row in await db.CronSchedules.Where(row => row.FollowedUntil > now + SetBack).ToListAsync(cancellationToken))
            Begin(row, row.Schedule, now);
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The next time after a given one; null if there is none.</summary>
    public static DateTimeOffset? NextAfter(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetNextOccurrence(time, TimeZoneInfo.Utc);

    /// <summary>The latest time up to a given one.</summary>
    public static DateTimeOffset? LastUntil(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetPreviousOccurrence(time, TimeZoneInfo.Utc, inclusive: true);

    private static async Task<int> FollowSomeAsync(PorticoDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changed = await Followed(db)
            .Where(service => !db.CronSchedules.Any(row => row.ServiceId == service.Id && row.ServiceVersion == service.Version))
            .OrderBy(service => service.Id).Select(service => new { service.Id, service.Version, service.Settings })
            .Take(Batch).ToListAsync(cancellationToken);
        var ids = changed.Select(service => service.Id).ToList();
        var known = await db.CronSchedules.Where(row => ids.Contains(row.ServiceId)).ToDictionaryAsync(row => row.ServiceId, cancellationToken);
        foreach (var service in changed)
        {
            var schedule = service.Settings.Schedule ?? "";
            if (!known.TryGetValue(service.Id, out var row))
                db.CronSchedules.Add(row = new CronScheduleRow { ServiceId = service.Id, Schedule = "", FollowedUntil = now, ServiceVersion = 0 });
            if (row.Schedule != schedule)
                Begin(row, schedule, now);
            row.NextAt = NextAfter(schedule, row.FollowedUntil);
            row.ServiceVersion = service.Version;
            row.Version++;
        }
        await db.SaveChangesAsync(cancellationToken);
        return changed.Count;
    }

    /// <summary>Starts a new or changed schedule now; earlier times do not count.</summary>
    private static void Begin(CronScheduleRow row, string schedule, DateTimeOffset now)
    {
        (row.Schedule, row.FollowedUntil, row.NextAt) = (schedule, now, NextAfter(schedule, now));
        row.Version++;
    }

    private static CronExpression? Parse(string schedule) =>
        CronExpression.TryParse(schedule, CronFormat.Standard, out var parsed) ? parsed : null;
}
