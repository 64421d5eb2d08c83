using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Code;

/// <summary>Writes requests for services as a command and as a Blueprint. It validates them as the requests themselves are.</summary>
internal sealed class ServiceCode(ServiceCreation creation, ServiceWrites writes, BlueprintExport export)
{
    /// <exception cref="RefusedException">The request would be refused.</exception>
    public async Task<RequestCode> OfNewAsync(PorticoDb db, Caller caller, ServicePost post, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(post.OwnerId);
        var (type, settings) = creation.Read(caller, post);
        var variables = EnvVarInputs.Read(post.EnvVars, "envVars");
        var environment = await Placement.RequireAsync(db, caller, workspace, post.EnvironmentId, cancellationToken);
        var spec = ServiceMapping.ToSpec(post.Name, type, settings, variables.Count > 0 ? EnvMapping.ToEntries(variables) : null);
        return new RequestCode(
            CommandText.Write(
                ["create", WordOf(type), post.Name, .. await Workspaces.OptionAsync(db, workspace, cancellationToken)],
                JsonSerializer.SerializeToElement(post, RenderJson.TypeOf<ServicePost>()), type == ServiceType.StaticSite ? CommandOptions.NewSite : CommandOptions.NewService),
            post.SecretFiles is { Count: > 0 }
                ? CodeText.Not("A render.yaml has no secret files.")
                : await BlueprintEntries.WriteAsync(db, workspace, environment, new ResourceLists { Services = [spec] }, cancellationToken));
    }

    /// <exception cref="RefusedException">The request would be refused.</exception>
    public async Task<RequestCode> OfChangeAsync(PorticoDb db, Caller caller, string id, ServicePatch patch, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, id, cancellationToken);
        var (name, settings) = writes.Read(caller, service, patch);
        return new RequestCode(
            CommandText.Write(
                ["update", await IsOnlyAsync(db, service.Name, cancellationToken) ? service.Name : id],
                JsonSerializer.SerializeToElement(patch, RenderJson.TypeOf<ServicePatch>()), CommandOptions.Service),
            name == service.Name
                ? await ChangedAsync(db, service, settings, cancellationToken)
                : CodeText.Not("A render.yaml finds a service by its name, so it cannot rename one."));
    }

    private async Task<CodeText> ChangedAsync(PorticoDb db, ServiceRow service, ServiceSettings settings, CancellationToken cancellationToken)
    {
        var before = await export.SpecOfAsync(db, service, service.Settings, cancellationToken);
        var after = await export.SpecOfAsync(db, service, settings, cancellationToken);
        var plan = Planner.Plan(FileOf(after), FileOf(before));
        return plan.Services.Single().Target == after
            ? await BlueprintEntries.WriteAsync(db, service.WorkspaceId, service.EnvironmentId, new ResourceLists { Services = [after] }, cancellationToken)
            : CodeText.Not("A render.yaml keeps what it does not mention, so it cannot reset these fields.");
    }

    private static BlueprintFile FileOf(ServiceSpec spec) => new() { Resources = new ResourceLists { Services = [spec] } };

    private static async Task<bool> IsOnlyAsync(PorticoDb db, string name, CancellationToken cancellationToken) =>
        await db.Services.CountAsync(row => row.Name == name, cancellationToken) + await db.DataStores.CountAsync(row => row.Name == name, cancellationToken) == 1;

    private static string WordOf(ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static",
        ServiceType.WebService => "web",
        ServiceType.PrivateService => "private",
        ServiceType.BackgroundWorker => "worker",
        ServiceType.CronJob => "cron",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
