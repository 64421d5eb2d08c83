using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Hosting;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>
/// Uploads of commits from a user's machine, as Git bundles. They belong to the workspace that a Blueprint is applied to:
/// other workspaces can neither deploy them nor ask about them.
/// </summary>
internal static class SourcesApi
{
    public static void MapSources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sources/{commit}", FindAsync).Needs(Permission.Manage);
        routes.MapPut("/sources/{commit}", PutAsync).Needs(Permission.Manage).IsAudited("UploadSourceEvent");
    }

    private static async Task<Results<NoContent, NotFound<ApiError>>> FindAsync(
        string commit, Caller caller, PorticoDb db, SourceStore sources, HttpContext context, CancellationToken cancellationToken) =>
        await sources.ContainsAsync(SourceStore.UploadsOf(await WorkspaceAsync(db, caller, cancellationToken)), commit, cancellationToken)
            ? TypedResults.NoContent()
            : TypedResults.NotFound(new ApiError(context.TraceIdentifier, $"Commit {commit} has not been uploaded."));

    private static async Task<Results<NoContent, BadRequest<ApiError>>> PutAsync(
        string commit, Caller caller, PorticoDb db, SourceStore sources, DiskReserve reserve, HttpContext context, CancellationToken cancellationToken)
    {
        var workspace = await WorkspaceAsync(db, caller, cancellationToken);
        // A repository may be larger than any limit for ordinary bodies; the disk is the limit.
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        try
        {
            await sources.ImportAsync(workspace, commit, context.Request.Body, new CountedWriting(reserve).Count, cancellationToken);
            return TypedResults.NoContent();
        }
        catch (GitException exception)
        {
            return TypedResults.BadRequest(new ApiError(context.TraceIdentifier, $"The upload of commit {commit} was rejected: {exception.Message}"));
        }
        catch (DiskReserveException exception)
        {
            throw Refusal.OutOfSpace(exception.Message);
        }
    }

    /// <summary>A request does not name a workspace, so the platform's first one is used.</summary>
    private static async Task<string> WorkspaceAsync(PorticoDb db, Caller caller, CancellationToken cancellationToken) =>
        caller.RequireWorkspace(await FirstWorkspace.IdAsync(db, cancellationToken));
}
