using System.Collections.Frozen;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render;

/// <summary>
/// Handles requests below <c>/v1</c> that match no endpoint. Operations of Render's API that are not implemented get another
/// message than unknown paths.
/// </summary>
internal static class NotYetApi
{
    /// <summary>
    /// What clients look for at every resource, and take 404 for "none is set". Any other answer would make them give up.
    /// </summary>
    private static readonly string[] NeverThere = ["get-resource-log-stream"];

    public static void MapNotYet(this IEndpointRouteBuilder routes)
    {
        var implemented = new Lazy<FrozenSet<string>>(() => Implemented(routes));
        routes.MapFallback("/{**path}", context => RefuseAsync(context, $"/{context.GetRouteValue("path")}", implemented.Value))
            .Needs(Permission.SeeWorkspace);
    }

    private static Task RefuseAsync(HttpContext context, string path, FrozenSet<string> implemented)
    {
        var known = KnownOperations.At(path);
        var operation = known.FirstOrDefault(item => item.Method == context.Request.Method);
        if (operation is not null && !implemented.Contains(operation.Id))
            return ApiErrors.WriteAsync(context, NeverThere.Contains(operation.Id) ? StatusCodes.Status404NotFound : StatusCodes.Status501NotImplemented,
                $"Portico does not implement this operation of Render's API yet: {operation.Method} {operation.Path} ({operation.Id}).");
        // An operation that exists gives way to this one for a single reason: the type of the body.
        context.Response.StatusCode = operation is not null ? StatusCodes.Status415UnsupportedMediaType
            : known.Count > 0 ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status404NotFound;
        if (operation is null && known.Count > 0)
            context.Response.Headers.Allow = string.Join(", ", known.Select(item => item.Method));
        return ApiErrors.WriteForStatusAsync(context);
    }

    private static FrozenSet<string> Implemented(IEndpointRouteBuilder routes) => routes.ServiceProvider.GetRequiredService<EndpointDataSource>().Endpoints
        .Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id).OfType<string>().ToFrozenSet(StringComparer.Ordinal);
}
