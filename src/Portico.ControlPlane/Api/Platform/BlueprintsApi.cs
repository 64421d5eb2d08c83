using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

internal static class BlueprintsApi
{
    public static void MapBlueprints(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/blueprints/apply", ApplyAsync).Needs(Permission.Manage).IsAudited("ApplyBlueprintEvent");
        routes.MapGet("/blueprints/export", ExportAsync).Needs(Permission.ViewSecrets);
    }

    private static async Task<Results<Ok<BlueprintResult>, UnprocessableEntity<BlueprintResult>>> ApplyAsync(
        ApplyBlueprint request, BlueprintApplier applier, Caller caller, IDbContextFactory<PorticoDb> databases,
        CancellationToken cancellationToken)
    {
        caller.AuditTargets.OnlyLooks = request.DryRun;
        var result = await applier.ApplyAsync(await WorkspaceAsync(databases, caller, cancellationToken), request, caller, cancellationToken);
        var refused = result.Diagnostics.Any(item => item.Severity == "error")
            || (!request.DryRun && result.RequiredValues.Count > 0);
        return refused ? TypedResults.UnprocessableEntity(result) : TypedResults.Ok(result);
    }

    private static async Task<ContentHttpResult> ExportAsync(
        Caller caller, IDbContextFactory<PorticoDb> databases, BlueprintExport export, CancellationToken cancellationToken)
    {
        var workspace = await WorkspaceAsync(databases, caller, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return TypedResults.Text(await export.WriteAsync(db, workspace, cancellationToken), "application/yaml", Encoding.UTF8);
    }

    /// <summary>A request does not name a workspace, so the platform's first one is used.</summary>
    private static async Task<string> WorkspaceAsync(
        IDbContextFactory<PorticoDb> databases, Caller caller, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return caller.RequireWorkspace(await FirstWorkspace.IdAsync(db, cancellationToken));
    }
}
