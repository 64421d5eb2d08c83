using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The public keys with which users open shells over SSH. Users manage their own.</summary>
internal static class SshKeysApi
{
    public static void MapSshKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/ssh-keys", ListAsync).Needs(Permission.SeeWorkspace);
        routes.MapPost("/ssh-keys", AddAsync).Needs(Permission.SeeWorkspace).IsAudited("CreateSshKeyEvent");
        routes.MapDelete("/ssh-keys/{sshKeyId}", DeleteAsync).Needs(Permission.SeeWorkspace).IsAudited("DeleteSshKeyEvent");
    }

    private static async Task<Ok<IReadOnlyList<SshKeyInfo>>> ListAsync(Caller caller, PorticoDb db, CancellationToken cancellationToken) =>
        TypedResults.Ok<IReadOnlyList<SshKeyInfo>>(
            [.. (await db.SshKeys.AsNoTracking().Where(row => row.UserId == caller.UserId).OrderBy(row => row.Id).ToListAsync(cancellationToken)).Select(ToWire)]);

    private static async Task<Created<SshKeyInfo>> AddAsync(
        AddSshKey request, Caller caller, PorticoDb db, SshKeys keys, SshServer server, CancellationToken cancellationToken)
    {
        caller.RequireKey("Adding an SSH key");
        if (server.Restriction is { } restriction)
            throw Refusal.Conflict(restriction);
        var row = await keys.AddAsync(db, caller, request.Name, request.PublicKey, cancellationToken);
        caller.AuditTargets.Resource = row.Id;
        return TypedResults.Created((string?)null, ToWire(row));
    }

    private static async Task<NoContent> DeleteAsync(string sshKeyId, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        if (await db.SshKeys.Where(row => row.Id == sshKeyId && row.UserId == caller.UserId).ExecuteDeleteAsync(cancellationToken) == 0)
            throw Refusal.NotFound("SSH key", sshKeyId);
        return TypedResults.NoContent();
    }

    private static SshKeyInfo ToWire(SshKeyRow row) => new(row.Id, row.Name, row.PublicKey, SshPublicKey.Parse(row.PublicKey).Fingerprint, row.CreatedAt);
}
