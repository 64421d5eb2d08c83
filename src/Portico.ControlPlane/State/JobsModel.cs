using Microsoft.EntityFrameworkCore;

namespace Portico.ControlPlane.State;

/// <summary>The database model of jobs.</summary>
internal static class JobsModel
{
    public static void Build(ModelBuilder model)
    {
        model.Entity<JobRow>(job =>
        {
            job.HasKey(row => row.Id);
            job.HasIndex(row => new { row.ServiceId, row.Id });
            job.HasIndex(row => row.Status);
            // One run for each time of a schedule.
            job.HasIndex(row => new { row.ServiceId, row.ScheduledFor }).IsUnique();
            job.Property(row => row.Version).IsConcurrencyToken();
            job.Property(row => row.RequestedBy).HasConversion(StoredJson.NullableConverter<Actor>());
            job.Property(row => row.CanceledBy).HasConversion(StoredJson.NullableConverter<Actor>());
        });
        model.Entity<CronScheduleRow>(schedule =>
        {
            schedule.HasKey(row => row.ServiceId);
            schedule.HasIndex(row => row.NextAt);
            schedule.Property(row => row.Version).IsConcurrencyToken();
        });
    }
}
