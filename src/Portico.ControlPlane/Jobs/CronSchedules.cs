using Cronos;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Services;
using Portico.Hosting.Loops;

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

    /// <summary>Brings the row of every schedule up to date. Each is saved on its own: one that fails delays no other.</summary>
    /// <returns>Whether all are up to date.</returns>
    public static async Task<bool> FollowAsync(
        IDbContextFactory<PorticoDb> databases, ItemRetries items, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var gone = await db.CronSchedules.Where(row => !Followed(db).Any(service => service.Id == row.ServiceId))
            .Select(row => row.ServiceId).ToListAsync(cancellationToken);
        var isDone = true;
        foreach (var id in gone)
            isDone &= await items.TryAsync(id, token => DeleteAsync(databases, id, token), cancellationToken);
        var changed = await ChangedAsync(db, cancellationToken);
        foreach (var (id, version, schedule) in changed)
            isDone &= await items.TryAsync(id, token => FollowAsync(databases, id, version, schedule, now, token), cancellationToken);
        var early = await db.CronSchedules.Where(row => row.FollowedUntil > now + SetBack).Select(row => row.ServiceId).ToListAsync(cancellationToken);
        foreach (var id in early)
            isDone &= await items.TryAsync(id, token => BeginAgainAsync(databases, id, now, token), cancellationToken);
        items.KeepOnly(gone.Concat(changed.Select(service => service.Id)).Concat(early).ToHashSet(StringComparer.Ordinal));
        return isDone;
    }

    /// <summary>The next time after a given one; null if there is none.</summary>
    public static DateTimeOffset? NextAfter(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetNextOccurrence(time, TimeZoneInfo.Utc);

    /// <summary>The latest time up to a given one.</summary>
    public static DateTimeOffset? LastUntil(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetPreviousOccurrence(time, TimeZoneInfo.Utc, inclusive: true);

    private static async Task DeleteAsync(IDbContextFactory<PorticoDb> databases, string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.CronSchedules.Where(row => row.ServiceId == id).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Returns the services whose schedule has not been read since they changed. Settings are large, so they are read in batches.</summary>
    private static async Task<List<(string Id, int Version, string Schedule)>> ChangedAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var all = new List<(string Id, int Version, string Schedule)>();
        for (var (last, isMore) = ("", true); isMore;)
        {
            var some = await Followed(db)
                .Where(service => service.Id.CompareTo(last) > 0
                    && !db.CronSchedules.Any(row => row.ServiceId == service.Id && row.ServiceVersion == service.Version))
                .OrderBy(service => service.Id).Select(service => new { service.Id, service.Version, service.Settings })
                .Take(Batch).ToListAsync(cancellationToken);
            all.AddRange(some.Select(service => (service.Id, service.Version, service.Settings.Schedule ?? "")));
            (last, isMore) = (some.Count > 0 ? some[^1].Id : last, some.Count == Batch);
        }
        return all;
    }

    private static async Task FollowAsync(
        IDbContextFactory<PorticoDb> databases, string id, int version, string schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var row = await db.CronSchedules.FirstOrDefaultAsync(item => item.ServiceId == id, cancellationToken);
        if (row is null)
            db.CronSchedules.Add(row = new CronScheduleRow { ServiceId = id, Schedule = "", FollowedUntil = now, ServiceVersion = 0 });
        if (row.Schedule != schedule)
            Begin(row, schedule, now);
        row.NextAt = NextAfter(schedule, row.FollowedUntil);
        row.ServiceVersion = version;
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static async Task BeginAgainAsync(IDbContextFactory<PorticoDb> databases, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.CronSchedules.FirstOrDefaultAsync(item => item.ServiceId == id, cancellationToken) is not { } row)
            return;
        Begin(row, row.Schedule, now);
        await db.SaveChangesAsync(cancellationToken);
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
