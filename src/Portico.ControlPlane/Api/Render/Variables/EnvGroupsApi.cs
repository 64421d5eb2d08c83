using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Variables;

/// <summary>Env groups: variables and secret files that services share. A change deploys the linked services that have auto-deploy on.</summary>
internal static class EnvGroupsApi
{
    public static void MapEnvGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/env-groups");
        groups.MapGet("", ListAsync).Needs(Permission.View).Is("list-env-groups");
        groups.MapPost("", CreateAsync).Needs(Permission.Manage).Is("create-env-group");
        var group = groups.MapGroup("/{envGroupId}");
        group.MapGet("", GetAsync).Needs(Permission.ViewSecrets).Is("retrieve-env-group");
        group.MapPatch("", RenameAsync).Needs(Permission.Manage).Is("update-env-group");
        group.MapDelete("", DeleteAsync).Needs(Permission.Manage).Is("delete-env-group");
        group.MapPost("/services/{serviceId}", LinkAsync).Needs(Permission.Manage).Is("link-service-to-env-group");
        group.MapDelete("/services/{serviceId}", UnlinkAsync).Needs(Permission.Manage).Is("unlink-service-from-env-group");
        group.MapGet("/env-vars/{envVarKey}", GetVariableAsync).Needs(Permission.ViewSecrets).Is("retrieve-env-group-env-var");
        group.MapPut("/env-vars/{envVarKey}", SetVariableAsync).Needs(Permission.Manage).Is("update-env-group-env-var");
        group.MapDelete("/env-vars/{envVarKey}", DeleteVariableAsync).Needs(Permission.Manage).Is("delete-env-group-env-var");
        group.MapGet("/secret-files/{name}", GetFileAsync).Needs(Permission.ViewSecrets).Is("retrieve-env-group-secret-file");
        group.MapPut("/secret-files/{name}", SetFileAsync).Needs(Permission.Manage).Is("update-env-group-secret-file");
        group.MapDelete("/secret-files/{name}", DeleteFileAsync).Needs(Permission.Manage).Is("delete-env-group-secret-file");
    }

    private static async Task<Ok<IReadOnlyList<EnvGroupMeta>>> ListAsync(
        Caller caller, Query query, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var rows = db.EnvGroups.AsNoTracking().VisibleTo(caller, query.List("ownerId"))
            .Among(query.List("name"), row => row.Name)
            .Among(query.List("environmentId"), row => row.EnvironmentId)
            .Between(query, "created", row => row.CreatedAt).Between(query, "updated", row => row.UpdatedAt);
        var page = await rows.PageAsync(paging.OldestFirst<EnvGroupId>(), row => row.Id, cancellationToken);
        return TypedResults.Ok(await EnvGroupWire.ToMetaAsync(db, page, cancellationToken));
    }

    private static async Task<Created<EnvGroup>> CreateAsync(
        EnvGroupPost body, Caller caller, PorticoDb db, EnvGroupWrites writes, EnvGroupWire wire, CancellationToken cancellationToken) =>
        TypedResults.Created((string?)null, await wire.ToWireAsync(db, await writes.CreateAsync(db, caller, body, cancellationToken), cancellationToken));

    private static async Task<Ok<EnvGroup>> GetAsync(
        string envGroupId, Caller caller, PorticoDb db, EnvGroupWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await wire.ToWireAsync(db, await FindAsync(db, caller, envGroupId, cancellationToken), cancellationToken));

    private static async Task<Ok<EnvGroup>> RenameAsync(
        string envGroupId, EnvGroupPatch body, Caller caller, PorticoDb db, EnvGroupWrites writes, EnvGroupWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await wire.ToWireAsync(db, await writes.RenameAsync(db, caller, envGroupId, body.Name, cancellationToken), cancellationToken));

    private static async Task<NoContent> DeleteAsync(
        string envGroupId, Caller caller, PorticoDb db, EnvGroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.DeleteAsync(db, caller, envGroupId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<EnvGroup>> LinkAsync(
        string envGroupId, string serviceId, Caller caller, PorticoDb db, EnvGroupWrites writes, EnvGroupWire wire, CancellationToken cancellationToken) =>
        TypedResults.Ok(await wire.ToWireAsync(db, await writes.LinkAsync(db, caller, envGroupId, serviceId, cancellationToken), cancellationToken));

    private static async Task<NoContent> UnlinkAsync(
        string envGroupId, string serviceId, Caller caller, PorticoDb db, EnvGroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.UnlinkAsync(db, caller, envGroupId, serviceId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<EnvVar>> GetVariableAsync(
        string envGroupId, string envVarKey, Caller caller, PorticoDb db, EnvGroupWire wire, CancellationToken cancellationToken)
    {
        var group = await wire.ToWireAsync(db, await FindAsync(db, caller, envGroupId, cancellationToken), cancellationToken);
        return TypedResults.Ok(group.EnvVars.FirstOrDefault(item => item.Key == envVarKey) ?? throw Refusal.NotFound("variable", envVarKey));
    }

    private static async Task<Ok<EnvGroup>> SetVariableAsync(
        string envGroupId, string envVarKey, EnvVarValueInput body, Caller caller, PorticoDb db, EnvGroupWrites writes, EnvGroupWire wire,
        CancellationToken cancellationToken)
    {
        EnvVarInputs.RequireKey(envVarKey, "envVarKey");
        var group = await writes.SetVariableAsync(
            db, caller, envGroupId, envVarKey, EnvVarInputs.Source(body.Value, body.GenerateValue, ""), cancellationToken);
        return TypedResults.Ok(await wire.ToWireAsync(db, group, cancellationToken));
    }

    private static async Task<NoContent> DeleteVariableAsync(
        string envGroupId, string envVarKey, Caller caller, PorticoDb db, EnvGroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.DeleteVariableAsync(db, caller, envGroupId, envVarKey, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SecretFile>> GetFileAsync(
        string envGroupId, string name, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var group = await FindAsync(db, caller, envGroupId, cancellationToken);
        var file = await db.SecretFiles.AsNoTracking().GetSecretFileAsync(group.Id, name, cancellationToken);
        return TypedResults.Ok(new SecretFile(file.Name, file.Content));
    }

    private static async Task<Ok<EnvGroup>> SetFileAsync(
        string envGroupId, string name, SecretFileContent body, Caller caller, PorticoDb db, EnvGroupWrites writes, EnvGroupWire wire,
        CancellationToken cancellationToken)
    {
        EnvVarInputs.RequireFileName(name, "secretFileName");
        var group = await writes.SetFileAsync(db, caller, envGroupId, name, body.Content, cancellationToken);
        return TypedResults.Ok(await wire.ToWireAsync(db, group, cancellationToken));
    }

    private static async Task<NoContent> DeleteFileAsync(
        string envGroupId, string name, Caller caller, PorticoDb db, EnvGroupWrites writes, CancellationToken cancellationToken)
    {
        await writes.DeleteFileAsync(db, caller, envGroupId, name, cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<EnvGroupRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        db.EnvGroups.AsNoTracking().GetAsync(caller, row => row.Id == id, "env group", id, cancellationToken);
}
