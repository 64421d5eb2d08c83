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
        List<Change> changes = [.. gone.Select(id => new Change(id, 0, null)), .. await ChangedAsync(db, now, cancellationToken)];
        return await items.EachAsync(changes, change => change.ServiceId, (change, token) => FollowAsync(databases, change, now, token), cancellationToken);
    }

    /// <summary>The next time after a given one; null if there is none.</summary>
    public static DateTimeOffset? NextAfter(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetNextOccurrence(time, TimeZoneInfo.Utc);

    /// <summary>The latest time up to a given one.</summary>
    public static DateTimeOffset? LastUntil(string schedule, DateTimeOffset time) =>
        Parse(schedule)?.GetPreviousOccurrence(time, TimeZoneInfo.Utc, inclusive: true);

    /// <param name="Schedule">Null when the schedule is no longer active.</param>
    private sealed record Change(string ServiceId, int Version, string? Schedule);

    /// <summary>Returns the services whose schedule has not been read since they changed, or is followed from a time that is still to come.</summary>
    /// <remarks>Settings are large, so they are read in batches.</remarks>
    private static async Task<List<Change>> ChangedAsync(PorticoDb db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (all, latest) = (new List<Change>(), now + SetBack);
        for (var (last, isMore) = ("", true); isMore;)
        {
            var some = await Followed(db)
                .Where(service => service.Id.CompareTo(last) > 0
                    && !db.CronSchedules.Any(row => row.ServiceId == service.Id && row.ServiceVersion == service.Version && row.FollowedUntil <= latest))
                .OrderBy(service => service.Id).Select(service => new { service.Id, service.Version, service.Settings })
                .Take(Batch).ToListAsync(cancellationToken);
            all.AddRange(some.Select(service => new Change(service.Id, service.Version, service.Settings.Schedule ?? "")));
            (last, isMore) = (some.Count > 0 ? some[^1].Id : last, some.Count == Batch);
        }
        return all;
    }

    private static async Task FollowAsync(IDbContextFactory<PorticoDb> databases, Change change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = db.CronSchedules.Where(row => row.ServiceId == change.ServiceId);
        if (change.Schedule is not { } schedule)
        {
            await rows.ExecuteDeleteAsync(cancellationToken);
            return;
        }
        var row = await rows.FirstOrDefaultAsync(cancellationToken);
        if (row is null)
            db.CronSchedules.Add(row = new CronScheduleRow { ServiceId = change.ServiceId, Schedule = "", FollowedUntil = now, ServiceVersion = 0 });
        // A new or changed schedule starts now: earlier times do not count.
        if (row.Schedule != schedule || row.FollowedUntil > now + SetBack)
            (row.Schedule, row.FollowedUntil) = (schedule, now);
        row.NextAt = NextAfter(schedule, row.FollowedUntil);
        row.ServiceVersion = change.Version;
        row.Version++;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static CronExpression? Parse(string schedule) =>
        CronExpression.TryParse(schedule, CronFormat.Standard, out var parsed) ? parsed : null;
}
