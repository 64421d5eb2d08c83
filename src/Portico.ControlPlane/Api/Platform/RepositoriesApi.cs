using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The Git repositories that users push to this platform.</summary>
internal static class RepositoriesApi
{
    private const int LongestOrigin = 500;

    public static void MapRepositories(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/repositories", List).Needs(Permission.View);
        routes.MapPut("/repositories/{repository}", PutAsync).Needs(Permission.Manage).IsAudited("CreateRepositoryEvent");
        routes.MapDelete("/repositories/{repository}", DeleteAsync).Needs(Permission.Manage).IsAudited("DeleteRepositoryEvent");
    }

    private static Ok<IReadOnlyList<RepositoryInfo>> List(Caller caller, HostedRepositories hosted) =>
        TypedResults.Ok<IReadOnlyList<RepositoryInfo>>([.. caller.Workspaces.Order(StringComparer.Ordinal)
            .SelectMany(workspace => hosted.NamesOf(workspace).Select(name => new RepositoryInfo(name, hosted.UrlOf(name), workspace)))]);

    private static async Task<Ok<RepositoryInfo>> PutAsync(
        string repository, PutRepository request, Caller caller, HostedRepositories hosted, CancellationToken cancellationToken)
    {
        if (request.Origin is { } given && (given.Length is 0 or > LongestOrigin || given.Any(char.IsControl) || given.StartsWith('-')))
            throw Refusal.Invalid("origin: must be the URL of a repository.");
        var workspace = hosted.RequireWorkspace(caller, repository, null, Permission.Manage, orNew: true);
        var directory = SourceStore.HostedOf(workspace, repository);
        await hosted.EnsureAsync(directory, cancellationToken);
        await hosted.SetOriginAsync(directory, request.Origin, caller.UserId, cancellationToken);
        return TypedResults.Ok(new RepositoryInfo(repository, hosted.UrlOf(repository), workspace));
    }

    /// <summary>Deletes a repository. Services that were built from it keep running.</summary>
    private static async Task<NoContent> DeleteAsync(
        string repository, Caller caller, HostedRepositories hosted, SourceStore store, CancellationToken cancellationToken)
    {
        var workspace = hosted.RequireWorkspace(caller, repository, null, Permission.Manage, orNew: false);
        await store.RemoveAsync(SourceStore.HostedOf(workspace, repository), cancellationToken);
        return TypedResults.NoContent();
    }
}
