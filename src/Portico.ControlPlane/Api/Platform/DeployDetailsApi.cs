using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>One deploy: its steps, why it failed, and what it changed.</summary>
internal static class DeployDetailsApi
{
    public static void MapDeployDetails(this IEndpointRouteBuilder routes)
    {
        var deploy = routes.MapGroup("/deploys/{deployId}");
        deploy.MapGet("", GetAsync).Needs(Permission.View);
        deploy.MapGet("/changes", ChangesAsync).Needs(Permission.View);
    }

    private static async Task<Ok<DeployDetails>> GetAsync(
        string deployId, Caller caller, PorticoDb db, DeployDetailsReader reader, CancellationToken cancellationToken)
    {
        var (service, deploy) = await FindAsync(deployId, caller, db, cancellationToken);
        return TypedResults.Ok(await reader.ReadAsync(db, service, deploy, cancellationToken));
    }

    private static async Task<Ok<DeployChanges>> ChangesAsync(string deployId, string? since, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var (service, deploy) = await FindAsync(deployId, caller, db, cancellationToken);
        return TypedResults.Ok(await DeployDetailsReader.ChangesAsync(db, service, deploy, since, cancellationToken));
    }

    /// <exception cref="RefusedException">404: there is no such deploy in the caller's workspaces.</exception>
    private static async Task<(ServiceRow Service, DeployRow Deploy)> FindAsync(string id, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var deploy = await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        // A deploy belongs to whom its service belongs to. Whose it is not, learns of neither.
        if (deploy is null || !await db.Services.Where(row => row.Id == deploy.ServiceId).AnyAsync(row => caller.Roles.Keys.Contains(row.WorkspaceId), cancellationToken))
            throw Refusal.NotFound("deploy", id);
        return (await db.Services.AsNoTracking().GetServiceAsync(caller, deploy.ServiceId, cancellationToken), deploy);
    }
}
