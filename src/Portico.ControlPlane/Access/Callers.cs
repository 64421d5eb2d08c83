using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>Finds the user of an API key. Every request reads the database, so a revoked key is rejected at once.</summary>
internal sealed class Callers(IDbContextFactory<PorticoDb> databases, OwnerKey owner, ApiKeyUsage uses, TimeProvider time)
{
    /// <returns>Null if the key is unknown, expired or revoked.</returns>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (owner.Matches(key))
            return await OfUserAsync(db, await OwnerAsync(db, cancellationToken), null, cancellationToken);
        var (hash, now) = (KeyText.Hash(key), time.GetUtcNow());
        var found = await db.ApiKeys
                .Where(row => row.Hash == hash && row.RevokedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now))
                .Select(row => new { row.Id, row.UserId, row.CreatorKeyId }).FirstOrDefaultAsync(cancellationToken)
            ?? await db.Logins
                .Where(row => row.AccessHash == hash && row.RevokedAt == null && row.AccessExpiresAt > now)
                .Select(row => new { row.Id, row.UserId, row.CreatorKeyId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null || !await KeyChain.IsValidAsync(db, found.CreatorKeyId, now, cancellationToken))
            return null;
        uses.Note(found.Id);
        return await OfUserAsync(db, found.UserId, found.Id, cancellationToken);
    }

    private static Task<string> OwnerAsync(PorticoDb db, CancellationToken cancellationToken) =>
        db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(cancellationToken);

    /// <summary>Creates the caller for work in the background, with the rights that the user has now.</summary>
    /// <param name="id">The id of the user who asked for the work; null if unknown.</param>
    /// <returns>Null if there is no such user, or if they do not have the permission in the workspace any more.</returns>
    public async Task<Caller?> PresentAsync(string? id, string workspace, Permission needed, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var caller = id is null ? null : await OfUserAsync(db, id, null, cancellationToken);
        return caller?.May(needed, workspace) == true ? caller.For(needed) : null;
    }

    /// <summary>Creates the caller for a user id.</summary>
    /// <param name="key">The id of the API key; null if none was used.</param>
    /// <returns>Null if the user no longer exists.</returns>
    internal static async Task<Caller?> OfUserAsync(PorticoDb db, string id, string? key, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (user is null)
            return null;
        var roles = await db.Members.AsNoTracking().Where(member => member.UserId == id)
            .ToDictionaryAsync(member => member.WorkspaceId, member => member.Role, cancellationToken);
        return new Caller
        {
            UserId = id,
            Email = user.Email,
            IsOwner = user.IsOwner,
            KeyId = key,
            Roles = roles,
            Protected = await ProtectedAsync(db, roles, cancellationToken),
        };
    }

    /// <summary>Nothing is protected from an admin, and a user who can only read changes nothing anyway.</summary>
    private static async Task<IReadOnlySet<string>> ProtectedAsync(
        PorticoDb db, Dictionary<string, Role> roles, CancellationToken cancellationToken)
    {
        var workspaces = roles.Where(item => item.Value != Role.Admin && item.Value.Allows(Permission.Operate)).Select(item => item.Key).ToList();
        return workspaces.Count == 0
            ? new HashSet<string>()
            : await db.Environments.Where(row => row.IsProtected && workspaces.Contains(row.WorkspaceId))
                .Select(row => row.Id).ToHashSetAsync(cancellationToken);
    }
}
