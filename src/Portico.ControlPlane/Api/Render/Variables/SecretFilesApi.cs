using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Render.Variables;

/// <summary>The secret files of a service itself, without those of its env groups.</summary>
internal static class SecretFilesApi
{
    private const string Deploys = "a change deploys the service if auto-deploy is on";

    public static void MapSecretFiles(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/services/{serviceId}/secret-files");
        group.MapGet("", ListAsync).Needs(Permission.ViewSecrets).Is("list-secret-files-for-service");
        group.MapPut("", ReplaceAsync).Needs(Permission.Manage).Is("update-secret-files-for-service", Deploys);
        group.MapGet("/{name}", GetAsync).Needs(Permission.ViewSecrets).Is("retrieve-secret-file");
        group.MapPut("/{name}", SetAsync).Needs(Permission.Manage).Is("add-or-update-secret-file", Deploys);
        group.MapDelete("/{name}", DeleteAsync).Needs(Permission.Manage).Is("delete-secret-file", Deploys);
    }

    private static async Task<Ok<IReadOnlyList<SecretFileWithCursor>>> ListAsync(
        string serviceId, Caller caller, Paging paging, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var rows = db.SecretFiles.AsNoTracking().Where(row => row.OwnerId == service.Id);
        return TypedResults.Ok(ToWire(await rows.PageAsync(paging.Ascending(IsFileName), row => row.Name, cancellationToken)));
    }

    private static async Task<Ok<IReadOnlyList<SecretFileWithCursor>>> ReplaceAsync(
        string serviceId, IReadOnlyList<SecretFileInput> body, Caller caller, PorticoDb db, ServiceChanges changes,
        CancellationToken cancellationToken)
    {
        var wanted = EnvVarInputs.Read(body, "");
        var service = await changes.EditAsync(
            db, caller, serviceId, row => db.ReplaceSecretFilesAsync(row.Id, wanted, cancellationToken), cancellationToken);
        return TypedResults.Ok(ToWire(await db.SecretFilesOf(service.Id, cancellationToken)));
    }

    private static async Task<Ok<SecretFile>> GetAsync(
        string serviceId, string name, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().GetServiceAsync(caller, serviceId, cancellationToken);
        var row = await db.SecretFiles.AsNoTracking().GetSecretFileAsync(service.Id, name, cancellationToken);
        return TypedResults.Ok(new SecretFile(row.Name, row.Content));
    }

    private static async Task<Created<SecretFile>> SetAsync(
        string serviceId, string name, SecretFileContent body, Caller caller, PorticoDb db, ServiceChanges changes,
        CancellationToken cancellationToken)
    {
        EnvVarInputs.RequireFileName(name, "secretFileName");
        await changes.EditAsync(
            db, caller, serviceId, row => db.SetSecretFileAsync(row.Id, name, body.Content, cancellationToken), cancellationToken);
        return TypedResults.Created((string?)null, new SecretFile(name, body.Content));
    }

    private static async Task<NoContent> DeleteAsync(
        string serviceId, string name, Caller caller, PorticoDb db, ServiceChanges changes, CancellationToken cancellationToken)
    {
        await changes.EditAsync(db, caller, serviceId, row => db.DeleteSecretFileAsync(row.Id, name, cancellationToken), cancellationToken);
        return TypedResults.NoContent();
    }

    private static IReadOnlyList<SecretFileWithCursor> ToWire(IEnumerable<SecretFileRow> rows) =>
        [.. rows.Select(row => new SecretFileWithCursor(new SecretFile(row.Name, row.Content), Paging.Cursor(row.Name)))];

    private static bool IsFileName(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
}
