using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Platform;
using Portico.Core.Access;
using Portico.Hosting.Metrics;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The platform as a whole: its status, its background work and metrics, its engine's capabilities, and stopping it.</summary>
internal static class PlatformApi
{
    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", (PlatformReader reader, CancellationToken cancellationToken) => reader.ReadAsync(cancellationToken))
            .NeedsOwner();
        routes.MapGet("/engine", (EngineReporter reporter, CancellationToken cancellationToken) => reporter.ReportAsync(cancellationToken)).Needs(Permission.View);
        routes.MapGet("/engine/outside", (OutsideReporter reporter, CancellationToken cancellationToken) => reporter.ReportAsync(cancellationToken)).NeedsOwner();
        routes.MapGet("/background", (BackgroundReader reader) => reader.Read()).NeedsOwner();
        routes.MapGet("/metrics", MetricsAsync).NeedsOwner();
        routes.MapPost("/stop", Stop).NeedsOwner().IsAudited("StopPlatformEvent");
    }

    private static async Task<ContentHttpResult> MetricsAsync(ServerMetrics metrics, CancellationToken cancellationToken) =>
        TypedResults.Text(await metrics.WriteAsync(cancellationToken), PrometheusExporter.ContentType);

    private static Accepted Stop(StopPlatform request, PlatformStopper stopper)
    {
        stopper.Begin(request.Delete);
        return TypedResults.Accepted((string?)null);
    }
}
