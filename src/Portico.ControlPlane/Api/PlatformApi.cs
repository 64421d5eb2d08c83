using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;

namespace Portico.ControlPlane.Api;

/// <summary>The platform as a whole: its status, what its engine can do, and its end.</summary>
public static class PlatformApi
{
    public static void MapPlatform(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/status", (PlatformReader reader, CancellationToken cancellationToken) => reader.ReadAsync(cancellationToken));
        routes.MapGet("/engine", (EngineReporter reporter) => reporter.Report());
        routes.MapPost("/stop", Stop);
    }

    private static Accepted Stop(StopPlatform request, PlatformStopper stopper)
    {
        stopper.Begin(request.Delete);
        return TypedResults.Accepted((string?)null);
    }
}
