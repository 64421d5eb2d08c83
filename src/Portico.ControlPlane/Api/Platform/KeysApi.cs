using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>API keys. Users manage their own; the machine's owner manages those of all users.</summary>
internal static class KeysApi
{
    private const string ThisMachine = "this machine";

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", ListAsync).Needs(Permission.SeeWorkspace);
        routes.MapPost("/keys", CreateAsync).Needs(Permission.SeeWorkspace).IsAudited("CreateApiKeyEvent");
        routes.MapDelete("/keys/{keyId}", RevokeAsync).Needs(Permission.SeeWorkspace).IsAudited("RevokeApiKeyEvent");
    }

    private static async Task<Ok<IReadOnlyList<KeyInfo>>> ListAsync(
        Caller caller, PorticoDb db, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = await (from key in db.ApiKeys
                          join user in db.Users on key.UserId equals user.Id
                          where (key.UserId == caller.UserId || caller.IsOwner) && key.RevokedAt == null
                          orderby key.Id
                          select new KeyInfo(key.Id, key.Name, "key", user.Email, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.CreatorKeyId))
            .ToListAsync(cancellationToken);
        var logins = await (from login in db.Logins
                            join user in db.Users on login.UserId equals user.Id
                            where (login.UserId == caller.UserId || caller.IsOwner) && login.RevokedAt == null && login.RefreshExpiresAt > now
                            orderby login.Id
                            select new KeyInfo(login.Id, login.Client ?? login.ClientId, "login", user.Email, login.CreatedAt, login.RefreshExpiresAt, login.LastUsedAt, login.CreatorKeyId, login.Address ?? ThisMachine))
            .ToListAsync(cancellationToken);
        var sessions = await (from session in Sessions.Valid(db.Sessions, now)
                              join user in db.Users on session.UserId equals user.Id
                              where session.UserId == caller.UserId || caller.IsOwner
                              orderby session.Id
                              select new KeyInfo(session.Id, session.Client ?? "browser", "session", user.Email, session.CreatedAt, session.ExpiresAt, session.LastUsedAt, session.CreatorKeyId, session.Address ?? ThisMachine))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<KeyInfo>>([.. keys, .. logins, .. sessions]);
    }

    private static async Task<Created<CreatedKey>> CreateAsync(
        CreateKey request, Caller caller, PorticoDb db, Keys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        caller.RequireKey("Creating an API key");
        var name = IdentityText.Name("name", request.Name);
        if (request.ExpiresAt <= time.GetUtcNow())
            throw Refusal.Invalid("expiresAt: must be in the future.");
        var user = await UserAsync(request.User, caller, db, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await keys.RequireRoomAsync(db, user.Id, caller.KeyId, cancellationToken);
        var (row, secret) = keys.Create(user.Id, name, await ExpiryAsync(request.ExpiresAt, caller, db, cancellationToken), caller.KeyId);
        db.ApiKeys.Add(row);
        caller.AuditTargets.Resource = row.Id;
        await InvolveAsync(caller, db, user.Id, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var info = new KeyInfo(row.Id, row.Name, "key", user.Email, row.CreatedAt, row.ExpiresAt, null, row.CreatorKeyId);
        return TypedResults.Created((string?)null, new CreatedKey(info, secret));
    }

    /// <summary>Returns when a new key expires: as requested, but not after the key that creates it.</summary>
    private static async Task<DateTimeOffset?> ExpiryAsync(DateTimeOffset? requested, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var latest = await db.ApiKeys.Where(row => row.Id == caller.KeyId).Select(row => row.ExpiresAt).FirstOrDefaultAsync(cancellationToken);
        return requested is null || latest < requested ? latest : requested;
    }

    private static async Task<NoContent> RevokeAsync(
        string keyId, Caller caller, PorticoDb db, Keys keys, CancellationToken cancellationToken)
    {
        var owner = await db.ApiKeys.Where(row => row.Id == keyId && row.RevokedAt == null).Select(row => row.UserId).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Logins.Where(row => row.Id == keyId && row.RevokedAt == null).Select(row => row.UserId).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Sessions.Where(row => row.Id == keyId && row.RevokedAt == null).Select(row => row.UserId).FirstOrDefaultAsync(cancellationToken);
        if (owner is null || (owner != caller.UserId && !caller.IsOwner))
            throw Refusal.NotFound("API key", keyId);
        await InvolveAsync(caller, db, owner, cancellationToken);
        await keys.RevokeAsync(db, keyId, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<UserRow> UserAsync(string? given, Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        if (given is null)
            return await db.Users.AsNoTracking().SingleAsync(row => row.Id == caller.UserId, cancellationToken);
        var email = given.ToLowerInvariant();
        var users = await db.Users.AsNoTracking().Where(row => row.Id == given || row.Email == email).Take(2).ToListAsync(cancellationToken);
        // A key is good in every workspace of its user's: who made one for somebody else would get in there too.
        if (!caller.IsOwner && !(users.Count == 1 && users[0].Id == caller.UserId))
            throw Refusal.Forbidden("user: only the owner of this machine can create API keys for other users.");
        return users.Count switch
        {
            0 => throw Refusal.Invalid($"user: no user has the email address or id '{given}'."),
            1 => users[0],
            _ => throw Refusal.Invalid($"user: several users have the email address '{given}'. Use the id of one of them; `portico members list` shows it."),
        };
    }

    /// <summary>Adds all workspaces of a user to the audit log entry, because a key is valid in all of them.</summary>
    private static async Task InvolveAsync(Caller caller, PorticoDb db, string user, CancellationToken cancellationToken)
    {
        foreach (var workspace in await db.Members.Where(row => row.UserId == user).Select(row => row.WorkspaceId).ToListAsync(cancellationToken))
            caller.AuditTargets.Add(workspace);
    }
}
