using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

/// <summary>
/// The row of keys and logins that created one another. A key is valid only while each of them is, so a thief cannot keep
/// access by creating another key.
/// </summary>
internal static class KeyChain
{
    private const int Longest = 8;

    /// <summary>Whether a key with this creator is valid: the creator must be, and the creator's creator, and so on.</summary>
    /// <param name="creator">The id of a key or login; null for the machine owner's key.</param>
    public static async Task<bool> IsValidAsync(PorticoDb db, string? creator, DateTimeOffset now, CancellationToken cancellationToken) =>
        await LengthAsync(db, creator, now, cancellationToken) is { } length && length <= Longest;

    /// <summary>Revokes a key, login or session and all that were created with it. A session creates none.</summary>
    /// <returns>Their ids.</returns>
    public static async Task<IReadOnlyCollection<string>> RevokeAsync(PorticoDb db, string key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (revoked, next) = (new HashSet<string>(), (List<string>)[key]);
        while (next.Count > 0)
        {
            revoked.UnionWith(next);
            await db.ApiKeys.Where(row => next.Contains(row.Id) && row.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), cancellationToken);
            await db.Logins.Where(row => next.Contains(row.Id) && row.RevokedAt == null).ExecuteUpdateAsync(
                set => set.SetProperty(row => row.RevokedAt, now).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
            await db.Sessions.Where(row => (next.Contains(row.Id) || next.Contains(row.CreatorKeyId!)) && row.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), cancellationToken);
            var keys = await db.ApiKeys.Where(row => next.Contains(row.CreatorKeyId!)).Select(row => row.Id).ToListAsync(cancellationToken);
            var logins = await db.Logins.Where(row => next.Contains(row.CreatorKeyId!)).Select(row => row.Id).ToListAsync(cancellationToken);
            next = [.. keys.Concat(logins).Where(id => !revoked.Contains(id))];
        }
        return revoked;
    }

    /// <returns>The number of keys in the row; null if one of them is not valid. A row that is too long is not read to its end.</returns>
    private static async Task<int?> LengthAsync(PorticoDb db, string? creator, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var length = 0;
        for (; creator is not null && length <= Longest; length++)
        {
            var id = creator;
            var found = await db.ApiKeys.Where(row => row.Id == id && row.RevokedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now))
                    .Select(row => new { row.CreatorKeyId }).FirstOrDefaultAsync(cancellationToken)
                ?? await db.Logins.Where(row => row.Id == id && row.RevokedAt == null && row.RefreshExpiresAt > now)
                    .Select(row => new { row.CreatorKeyId }).FirstOrDefaultAsync(cancellationToken);
            if (found is null)
                return null;
            creator = found.CreatorKeyId;
        }
        return length;
    }
}
