using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Storage;

namespace Portico.ControlPlane.Access;

/// <summary>Finds out whose a key is. Asked anew for every request: what is revoked is refused at once.</summary>
public sealed class Callers(IDbContextFactory<PorticoDb> databases, OwnerKey owner, TimeProvider time)
{
    /// <returns>Null when the key is not known, has expired or was revoked.</returns>
    public async Task<Caller?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (owner.Matches(key))
            return await OfUserAsync(db, await OwnerAsync(db, cancellationToken), null, cancellationToken);
        var hash = KeyText.Hash(key);
        var now = time.GetUtcNow();
        var row = await db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(
            item => item.Hash == hash && item.RevokedAt == null && (item.ExpiresAt == null || item.ExpiresAt > now), cancellationToken);
        return row is null ? null : await OfUserAsync(db, row.UserId, row.Id, cancellationToken);
    }

    private static Task<string> OwnerAsync(PorticoDb db, CancellationToken cancellationToken) =>
        db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(cancellationToken);

    private static async Task<Caller> OfUserAsync(PorticoDb db, string user, string? key, CancellationToken cancellationToken) => new()
    {
        UserId = user,
        KeyId = key,
        Roles = await db.Members.AsNoTracking().Where(member => member.UserId == user)
            .ToDictionaryAsync(member => member.WorkspaceId, member => member.Role, cancellationToken),
    };
}
