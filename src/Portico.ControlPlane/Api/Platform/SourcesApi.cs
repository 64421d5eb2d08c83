using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Sources;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Uploads of commits from a user's machine, as Git bundles.</summary>
internal static class SourcesApi
{
    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sources/{commit}", FindAsync).Needs(Permission.Manage);
        routes.MapPut("/sources/{commit}", PutAsync).Needs(Permission.Manage);
    }

    private static async Task<Results<NoContent, NotFound<ApiError>>> FindAsync(
        string commit, SourceStore sources, HttpContext context, CancellationToken cancellationToken) =>
        await sources.ContainsAsync(SourceStore.Uploads, commit, cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.NotFound(new ApiError(context.TraceIdentifier, $"Commit {commit} has not been uploaded."));

    private static async Task<Results<NoContent, BadRequest<ApiError>>> PutAsync(
        string commit, SourceStore sources, HttpContext context, CancellationToken cancellationToken)
    {
        // A repository may be larger than any limit for ordinary bodies; the disk is the limit.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        try
        {
            await sources.ImportAsync(commit, context.Request.Body, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (GitException exception)
        {
            return TypedResults.BadRequest(new ApiError(context.TraceIdentifier, $"The upload of commit {commit} was rejected: {exception.Message}"));
        }
    }
}
