using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Storage;

namespace Portico.ControlPlane.Api;

public static class BlueprintsApi
{
    public static void MapBlueprints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/blueprints/apply", ApplyAsync);
        routes.MapGet("/blueprints/export", ExportAsync);
    }

    private static async Task<Results<Ok<BlueprintResult>, UnprocessableEntity<BlueprintResult>>> ApplyAsync(
        ApplyBlueprint request, BlueprintApplier applier, CancellationToken cancellationToken)
    {
        var result = await applier.ApplyAsync(request, cancellationToken);
        var refused = result.Diagnostics.Any(item => item.Severity == "error")
            || (!request.DryRun && result.RequiredValues.Count > 0);
        return refused ? TypedResults.UnprocessableEntity(result) : TypedResults.Ok(result);
    }

    private static async Task<ContentHttpResult> ExportAsync(
        IDbContextFactory<PorticoDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var text = BlueprintWriter.Write(await ExistingBlueprint.ReadAsync(db, cancellationToken));
        return TypedResults.Text(text, "application/yaml", Encoding.UTF8);
    }
}
