using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Jobs;
using Portico.Core.Services;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The one-off jobs of a service, or the runs of a cron job with its schedule. Render's API has no list of cron runs, and no exit codes.</summary>
internal static class ServiceRunsApi
{
    private const int DefaultLimit = 50, MostRuns = 200, NextTimes = 3;

    public static void MapServiceRuns(this IEndpointRouteBuilder routes) => routes.MapGet("/services/{serviceId}/runs", GetAsync).Needs(Permission.View);

    private static async Task<Ok<ServiceRuns>> GetAsync(
        string serviceId, int? limit, Caller caller, PorticoDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MostRuns)
            throw Refusal.Invalid($"limit: must be from 1 to {MostRuns}.");
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var rows = await db.Jobs.AsNoTracking().Where(row => row.ServiceId == service.Id).OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id)
            .Take(limit ?? DefaultLimit).ToListAsync(cancellationToken);
        return TypedResults.Ok(new ServiceRuns(
            service.Type == ServiceType.CronJob ? ScheduleOf(service, time.GetUtcNow()) : null, [.. rows.Select(Describe)]));
    }

    private static RunSchedule ScheduleOf(ServiceRow service, DateTimeOffset now)
    {
        var expression = service.Settings.Schedule ?? "";
        var paused = service.Suspended ? "It is suspended." : service.RoutedDeployId is null ? "No deploy has succeeded yet." : null;
        var next = new List<DateTimeOffset>();
        for (var after = now; paused is null && next.Count < NextTimes && CronSchedules.NextAfter(expression, after) is { } at; after = at)
            next.Add(at);
        return new RunSchedule(expression, CronWords.Of(expression), next, paused ?? (next.Count == 0 ? "The expression has no time in the future." : null));
    }

    private static ServiceRun Describe(JobRow row) => new()
    {
        Id = row.Id,
        Command = row.Command,
        Status = row.Status == JobStatus.Unknown ? "unknown" : row.Status.JobName(),
        Reason = row.Reason,
        ExitCode = row.Status == JobStatus.Succeeded ? 0 : row.ExitCode,
        RequestedBy = row.RequestedBy?.Email,
        CanceledBy = row.CanceledBy?.Email,
        ScheduledFor = row.ScheduledFor,
        CreatedAt = row.CreatedAt,
        StartedAt = row.StartedAt,
        FinishedAt = row.FinishedAt,
    };
}
