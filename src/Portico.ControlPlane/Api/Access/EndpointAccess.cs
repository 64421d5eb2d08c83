using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>What endpoints say about who may use them, and the check of it.</summary>
public static class EndpointAccess
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsPermission(permission)).RequireAuthorization();

    /// <summary>For what is about the platform as a whole: the admin of one workspace has no say in it.</summary>
    public static TBuilder NeedsOwner<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsPermission(Permission.Administer, OfOwner: true)).RequireAuthorization();

    /// <summary>Refuses who has the permission nowhere. Where it is needed, the endpoint itself asks.</summary>
    public static void UsePermissions(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>();
        if (needed is null || context.Features.Get<Caller>() is not { } caller)
            return next(context);
        if (needed.OfOwner && !caller.IsOwner)
            throw Refusal.Forbidden("Only the owner of this machine may do this.");
        if (!caller.Roles.Values.Any(role => role.Allows(needed.Permission)))
            throw Refusal.Forbidden(needed.Permission);
        return next(context);
    });

    /// <exception cref="InvalidOperationException">An endpoint neither names a permission nor is open to all.</exception>
    public static void RequirePermissionsEverywhere(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var open = routes.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<NeedsPermission>() is null
                && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.DisplayName).ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"These endpoints say nothing about who may use them: {string.Join(", ", open)}.");
    }
}
