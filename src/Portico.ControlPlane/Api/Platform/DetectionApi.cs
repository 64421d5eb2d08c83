using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Detection;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Proposes the fields of a new service from the files of its repository. Who may not create it may not have it read either.</summary>
internal static class DetectionApi
{
    public static void MapDetection(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/sources/detect", DetectAsync).Needs(Permission.Manage).IsNoChange();

    private static async Task<Ok<DetectedApps>> DetectAsync(DetectApps body, Caller caller, RepositoryDetector detector, CancellationToken cancellationToken) =>
        TypedResults.Ok(await detector.DetectAsync(caller, body, cancellationToken));
}
