using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The source of a service: its hooks, its deploy key, and whether its branch can be followed.</summary>
internal static class ServiceSourcesApi
{
    public static void MapServiceSources(this IEndpointRouteBuilder routes)
    {
        var source = routes.MapGroup("/services/{serviceId}/source");
        source.MapGet("", GetAsync).Needs(Permission.ViewSecrets);
        source.MapPost("/deploy-hook", RenewHookAsync).Needs(Permission.Manage).IsAudited("RegenerateDeployHookEvent");
        source.MapPost("/webhook", RenewWebhookAsync).Needs(Permission.Manage).IsAudited("RegenerateGitWebhookEvent");
        source.MapPost("/deploy-key", CreateKeyAsync).Needs(Permission.Manage).IsAudited("CreateDeployKeyEvent");
        source.MapDelete("/deploy-key", DeleteKeyAsync).Needs(Permission.Manage).IsAudited("DeleteDeployKeyEvent");
    }

    private static async Task<Ok<ServiceSource>> GetAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceSources sources, PlatformSettings settings, CancellationToken cancellationToken) =>
        await ShowAsync(db, await db.Services.GetServiceAsync(caller, serviceId, cancellationToken), sources, settings, cancellationToken);

    private static async Task<Ok<ServiceSource>> RenewHookAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceSources sources, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, serviceId, cancellationToken);
        await ServiceHooks.RenewDeployKeyAsync(db, service.Id, cancellationToken);
        return await ShowAsync(db, service, sources, settings, cancellationToken);
    }

    private static async Task<Ok<ServiceSource>> RenewWebhookAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceSources sources, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, serviceId, cancellationToken);
        await ServiceHooks.RenewWebhookSecretAsync(db, service.Id, cancellationToken);
        return await ShowAsync(db, service, sources, settings, cancellationToken);
    }

    private static async Task<Ok<ServiceSource>> CreateKeyAsync(
        string serviceId, Caller caller, PorticoDb db, ServiceSources sources, GitKeys keys, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, serviceId, cancellationToken);
        if (service.Settings.Source.Repo is not { } url || !GitUrl.IsSsh(url))
            throw Refusal.Conflict("Deploy keys are for repositories that Portico fetches over SSH. Set the service's repo to an SSH URL such as git@github.com:owner/name.git first.");
        await keys.CreateAsync(db, service.WorkspaceId, url, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return await ShowAsync(db, service, sources, settings, cancellationToken);
    }

    private static async Task<NoContent> DeleteKeyAsync(string serviceId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.GetServiceAsync(caller, serviceId, cancellationToken);
        await db.GitKeys.Where(row => row.WorkspaceId == service.WorkspaceId && row.Url == service.Settings.Source.Repo).ExecuteDeleteAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<ServiceSource>> ShowAsync(
        PorticoDb db, ServiceRow service, ServiceSources sources, PlatformSettings settings, CancellationToken cancellationToken)
    {
        var hooks = await ServiceHooks.EnsureAsync(db, service.Id, cancellationToken);
        var (repo, workspace, branch) = (service.Settings.Source.Repo, service.WorkspaceId, service.Settings.Source.Branch);
        var mirror = repo is null ? null : sources.RepositoryOf(repo, workspace);
        var followed = await db.FollowedBranches.AsNoTracking().FirstOrDefaultAsync(
            row => row.WorkspaceId == workspace && row.Repository == mirror && row.Branch == (branch ?? ""), cancellationToken);
        return TypedResults.Ok(new ServiceSource
        {
            Repo = repo is null ? null : GitUrl.Shown(repo),
            Branch = branch,
            DeployHookUrl = $"{settings.PlatformUrl}/deploy/{service.Id}?key={hooks.DeployKey}",
            WebhookUrl = $"{settings.PlatformUrl}/hooks/git/{service.Id}",
            WebhookSecret = hooks.WebhookSecret,
            DeployKey = await db.GitKeys.Where(row => row.WorkspaceId == workspace && row.Url == repo).Select(row => row.PublicKey).FirstOrDefaultAsync(cancellationToken),
            Commit = followed?.Commit,
            LookedAt = followed?.LookedAt,
            Problem = followed?.Problem,
        });
    }
}
