using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Jobs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Shells;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Api.Render.Services;

/// <summary>Shells in sandboxes of their own, to which clients connect over SSH.</summary>
internal static class EphemeralShellsApi
{
    public static void MapEphemeralShells(this IEndpointRouteBuilder routes) =>
        // Render's document lets clients leave the body out, and so also its type.
        routes.MapPost("/services/{serviceId}/ephemeral-shell", CreateAsync).Accepts<CreateEphemeralShell>(isOptional: true, "application/json", "*/*").Needs(Permission.Operate)
            .Is("create-ephemeral-shell", "a shell without a connection within 10 minutes is forgotten");

    private static async Task<Created<EphemeralShell>> CreateAsync(
        string serviceId, CreateEphemeralShell? request, Caller caller, PorticoDb db, EphemeralShells shells, SshServer server, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        if (server.Restriction is { } restriction)
            throw Refusal.Conflict(restriction);
        var target = ShellTargets.OfItsOwn(service, LimitsOf(request?.Plan ?? request?.Size));
        var id = shells.Add(target.Service, caller.UserId, target.Limits)
            ?? throw Refusal.TooManyRequests("Too many shells of yours wait for their clients. Connect to them, or try again in 10 minutes.");
        // The client connects at once.
        await server.UpdateNamesAsync(cancellationToken);
        return TypedResults.Created((string?)null, new EphemeralShell(id));
    }

    private static ResourceLimits? LimitsOf(string? plan) => string.IsNullOrEmpty(plan) ? null
        : JobPlans.LimitsOf(plan) ?? throw Refusal.Invalid("plan: unknown plan. Use for example starter, or omit it to use the service's plan.");
}
