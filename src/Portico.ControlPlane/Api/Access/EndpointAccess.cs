using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>The endpoint takes a secret other than an API key.</summary>
internal sealed record ChecksOwnSecret;

/// <summary>Declares and checks the permissions that endpoints require.</summary>
internal static class EndpointAccess
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsPermission(permission)).RequireAuthorization();

    /// <summary>Limits an endpoint to the machine's owner, because it concerns the whole platform and not just one workspace.</summary>
    public static TBuilder NeedsOwner<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new NeedsPermission(Permission.Administer, OfOwner: true)).RequireAuthorization();

    /// <summary>Marks an anonymous endpoint that takes a secret other than an API key, and counts only wrong ones against the limits.</summary>
    public static TBuilder ChecksOwnSecret<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder =>
        builder.AllowAnonymous().WithMetadata(new ChecksOwnSecret());

    /// <summary>Rejects callers who have the required permission in no workspace. The endpoint itself checks the specific workspace.</summary>
    public static void UsePermissions(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        var needed = context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>();
        if (needed is null)
            return next(context);
        if (context.Features.Get<Caller>() is not { } caller)
            throw new InvalidOperationException("A request without a caller passed the authentication of an endpoint that requires one.");
        if (needed.OfOwner && !caller.IsOwner)
            throw Refusal.Forbidden("Only the owner of this machine can do this.");
        if (!caller.Roles.Values.Any(role => role.Allows(needed.Permission)))
            throw Refusal.Forbidden(needed.Permission);
        return next(context);
    });

    /// <exception cref="InvalidOperationException">An endpoint neither declares a permission nor allows anonymous requests.</exception>
    public static void RequirePermissionsEverywhere(this IEndpointRouteBuilder routes)
    {
        var open = routes.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<NeedsPermission>() is null
                && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(endpoint => endpoint.DisplayName).ToList();
        if (open.Count > 0)
            throw new InvalidOperationException($"These endpoints do not declare who may use them: {string.Join(", ", open)}.");
    }
}
