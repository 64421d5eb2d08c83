using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Tests.Jobs;

/// <summary>Schedules followed by a clock that the test moves.</summary>
public sealed class CronDayTests(ITestOutputHelper output)
{
    private const string Cron = """
        services:
          - type: cron
            name: job
            runtime: node
            rootDir: worker
            schedule: "0 3 * * *"
            buildCommand: make
            startCommand: sweep
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A hundred thousand take a minute and a half: as many as <c>PORTICO_CRON_SCHEDULES</c> says.</summary>
    private static int Schedules => int.TryParse(
        Environment.GetEnvironmentVariable("PORTICO_CRON_SCHEDULES"), CultureInfo.InvariantCulture, out var many) ? many : 10_000;

    [Fact]
    public async Task In_a_day_each_of_many_schedules_runs_once_for_each_of_its_times()
    {
        var schedules = Schedules;
        await using var platform = await StartAsync("0 3 * * *");
        await CopyAsync(platform, schedules);
        // The first look reads them all; it is not part of the day.
        await LookAsync(platform);
        var start = Stopwatch.GetTimestamp();
        for (var minute = 1; minute <= 24 * 60; minute++)
        {
            platform.Time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 173 == 0)
                await platform.RestartAsync(Token);
            await LookAsync(platform);
            if (minute % 10 == 0)
                await EndAllAsync(platform);
        }
        output.WriteLine($"The day took {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s.");

        await using var db = await platform.OpenAsync(Token);
        // Each runs at its own minute of each sixth or of one hour: "M H/6" and "M H".
        Assert.Equal(schedules + 1 + (3 * (schedules / 100)), await db.Jobs.CountAsync(Token));
        var wrong = await db.Database.SqlQuery<string>($"""
            SELECT s.Id || ' ' || COUNT(j.Id) AS Value FROM Services s LEFT JOIN Jobs j ON j.ServiceId = s.Id
            GROUP BY s.Id HAVING COUNT(DISTINCT j.ScheduledFor) <> COUNT(j.Id)
                OR COUNT(j.Id) <> CASE WHEN s.Slug LIKE 'often-%' THEN 4 ELSE 1 END
            """).ToListAsync(Token);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_schedule_without_a_time_never_runs_and_keeps_no_other_from_running()
    {
        await using var platform = await StartAsync("0 0 30 2 *");
        for (var day = 0; day < 800; day++)
        {
            platform.Time.Advance(TimeSpan.FromDays(1));
            await LookAsync(platform);
        }
        await using var db = await platform.OpenAsync(Token);
        Assert.Equal(0, await db.Jobs.CountAsync(Token));
        Assert.Null((await db.CronSchedules.SingleAsync(Token)).NextAt);
    }

    [Fact]
    public async Task What_was_missed_runs_once_when_the_clock_jumps_ahead()
    {
        await using var platform = await StartAsync("*/5 * * * *");
        platform.Time.Advance(TimeSpan.FromHours(30));
        await LookAsync(platform);
        await LookAsync(platform);
        Assert.Equal([platform.Time.GetUtcNow().AddMinutes(-(platform.Time.GetUtcNow().Minute % 5)).AddTicks(-(platform.Time.GetUtcNow().Ticks % TimeSpan.TicksPerMinute))], await TimesAsync(platform));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_runs_no_time_twice_and_does_not_wait_to_catch_up()
    {
        await using var platform = await StartAsync("*/10 * * * *");
        platform.Time.AutoAdvanceAmount = TimeSpan.Zero;
        for (var step = 0; step < 6; step++)
            await NextAsync(platform, TimeSpan.FromMinutes(10));
        var before = await TimesAsync(platform);
        Assert.Equal(6, before.Count);

        // Half an hour back: those times have had their runs.
        platform.Time.AdjustTime(platform.Time.GetUtcNow() - TimeSpan.FromMinutes(30));
        for (var step = 0; step < 3; step++)
            await NextAsync(platform, TimeSpan.FromMinutes(10));
        Assert.Equal(before, await TimesAsync(platform));
        await NextAsync(platform, TimeSpan.FromMinutes(10));
        Assert.Equal(7, (await TimesAsync(platform)).Count);

        // It had been a year ahead: from now on, and not from then.
        platform.Time.AdjustTime(platform.Time.GetUtcNow() - TimeSpan.FromDays(365));
        await LookAsync(platform);
        for (var step = 0; step < 3; step++)
            await NextAsync(platform, TimeSpan.FromMinutes(10));
        Assert.Equal(10, (await TimesAsync(platform)).Count);
    }

    [Fact]
    public async Task A_suspended_or_changed_schedule_makes_up_for_nothing()
    {
        await using var platform = await StartAsync("0 * * * *");
        await ChangeAsync(platform, service => service.Suspended = true);
        platform.Time.Advance(TimeSpan.FromHours(5));
        await LookAsync(platform);
        await ChangeAsync(platform, service => service.Suspended = false);
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        await LookAsync(platform);
        Assert.Empty(await TimesAsync(platform));

        await ChangeAsync(platform, service => service.Settings = service.Settings with { Schedule = "30 * * * *" });
        platform.Time.Advance(TimeSpan.FromMinutes(59));
        await LookAsync(platform);
        Assert.Equal(30, Assert.Single(await TimesAsync(platform)).Minute);
    }

    private static async Task<SimPlatform> StartAsync(string schedule)
    {
        var platform = await SimPlatform.StartAsync(Token);
        await Scenario.Apply(UploadedSource.First, Cron.Replace("0 3 * * *", schedule, StringComparison.Ordinal))(platform, Token);
        await EndAllAsync(platform);
        await using var db = await platform.OpenAsync(Token);
        await db.Jobs.ExecuteDeleteAsync(Token);
        return platform;
    }

    /// <summary>The same job so often, each at a minute of its own; every hundredth four times a day.</summary>
    private static async Task CopyAsync(SimPlatform platform, int count)
    {
        await using var db = await platform.OpenAsync(Token);
        var service = await db.Services.AsNoTracking().SingleAsync(Token);
        var columns = db.Model.FindEntityType(typeof(ServiceRow))!.GetProperties().Select(property => property.GetColumnName()).ToList();
        var others = columns.Except(["Id", "Name", "Slug", "Settings"]).Select(column => $"\"{column}\"").ToList();
        var sql = $$"""
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {{count - 1}})
            INSERT INTO Services (Id, Name, Slug, Settings, {{string.Join(", ", others)}})
            SELECT printf('crn-%020d', i), 'copy-' || i, CASE WHEN i % 100 = 0 THEN 'often-' ELSE 'once-' END || i,
                json_set(Settings, '$.schedule', CASE WHEN i % 100 = 0 THEN (i % 60) || ' */6 * * *' ELSE (i % 60) || ' ' || (i / 60 % 24) || ' * * *' END),
                {{string.Join(", ", others)}}
            FROM Services, n
            """;
        await db.Database.ExecuteSqlRawAsync(sql, Token);
    }

    private static async Task LookAsync(SimPlatform platform) => await platform.Get<CronScheduler>().ReconcileAsync(Token);

    private static async Task NextAsync(SimPlatform platform, TimeSpan step)
    {
        platform.Time.Advance(step);
        await LookAsync(platform);
        await EndAllAsync(platform);
    }

    private static async Task EndAllAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        await db.Jobs.Where(row => row.Status == JobStatus.Pending || row.Status == JobStatus.Running)
            .ExecuteUpdateAsync(row => row.SetProperty(job => job.Status, JobStatus.Succeeded), Token);
    }

    private static async Task<List<DateTimeOffset>> TimesAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return await db.Jobs.OrderBy(row => row.Id).Select(row => row.ScheduledFor!.Value).ToListAsync(Token);
    }

    private static async Task ChangeAsync(SimPlatform platform, Action<ServiceRow> change)
    {
        await using (var db = await platform.OpenAsync(Token))
        {
            var service = await db.Services.SingleAsync(Token);
            change(service);
            service.Version++;
            await db.SaveChangesAsync(Token);
        }
        platform.Time.Advance(TimeSpan.FromSeconds(2));
        await LookAsync(platform);
    }
}
