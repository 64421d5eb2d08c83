using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render.Variables;

/// <summary>The environment variables of a service itself, without those of its env groups.</summary>
internal static class EnvVarsApi
{
    private const string Deploys = "a change deploys the service if auto-deploy is on";

    public static void MapEnvVars(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/services/{serviceId}/env-vars");
        group.MapGet("", ListAsync).Needs(Permission.ViewSecrets).Is("get-env-vars-for-service");
        group.MapPut("", ReplaceAsync).Needs(Permission.Manage).Is("update-env-vars-for-service", $"{Deploys}; generated values, and references whose value stays the same, are kept");
        group.MapGet("/{envVarKey}", GetAsync).Needs(Permission.ViewSecrets).Is("retrieve-env-var");
        group.MapPut("/{envVarKey}", SetAsync).Needs(Permission.Manage).Is("update-env-var", Deploys);
        group.MapDelete("/{envVarKey}", DeleteAsync).Needs(Permission.Manage).Is("delete-env-var", Deploys);
    }

    private static async Task<Ok<IReadOnlyList<EnvVarWithCursor>>> ListAsync(
        string serviceId, Caller caller, Paging paging, PorticoDb db, ResolvedValues values, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var rows = db.EnvVars.AsNoTracking().Where(row => row.OwnerId == service.Id);
        var page = await rows.PageAsync(paging.Ascending(static key => Names.ProblemOfEnvKey(key) is null), row => row.Key, cancellationToken);
        return TypedResults.Ok(await ToWireAsync(db, service, page, values, cancellationToken));
    }

    private static async Task<Ok<IReadOnlyList<EnvVarWithCursor>>> ReplaceAsync(
        string serviceId, IReadOnlyList<EnvVarInput> body, Caller caller, PorticoDb db, ServiceVariables variables, ResolvedValues values,
        CancellationToken cancellationToken)
    {
        var service = await variables.ReplaceAsync(db, caller, serviceId, EnvVarInputs.Read(body, ""), cancellationToken);
        return TypedResults.Ok(await ToWireAsync(db, service, await db.VariablesOf(service.Id, cancellationToken), values, cancellationToken));
    }

    private static async Task<Ok<EnvVar>> GetAsync(
        string serviceId, string envVarKey, Caller caller, PorticoDb db, ResolvedValues values, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var row = await db.EnvVars.AsNoTracking().GetVariableAsync(service.Id, envVarKey, cancellationToken);
        return TypedResults.Ok((await ToWireAsync(db, service, [row], values, cancellationToken))[0].EnvVar);
    }

    private static async Task<Ok<EnvVar>> SetAsync(
        string serviceId, string envVarKey, EnvVarValueInput body, Caller caller, PorticoDb db, ServiceVariables variables,
        CancellationToken cancellationToken)
    {
        EnvVarInputs.RequireKey(envVarKey, "envVarKey");
        var source = EnvVarInputs.Source(body.Value, body.GenerateValue, "");
        await variables.SetAsync(db, caller, serviceId, envVarKey, source, cancellationToken);
        return TypedResults.Ok(new EnvVar(envVarKey, source.OwnValue!));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, string envVarKey, Caller caller, PorticoDb db, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.EditAsync(db, caller, serviceId, row => db.DeleteVariableAsync(row.Id, envVarKey, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IReadOnlyList<EnvVarWithCursor>> ToWireAsync(
        PorticoDb db, ServiceRow service, IReadOnlyList<EnvVarRow> rows, ResolvedValues values, CancellationToken cancellationToken)
    {
        var resolved = await values.OfAsync(db, service.WorkspaceId, rows, cancellationToken);
        return [.. rows.Select(row => new EnvVarWithCursor(new EnvVar(row.Key, resolved[row.Key]), Paging.Cursor(row.Key)))];
    }
}
