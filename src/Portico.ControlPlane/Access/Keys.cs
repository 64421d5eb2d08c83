using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <summary>Creates and revokes API keys.</summary>
internal sealed class Keys(IdSource ids, ApiKeyUsage uses, TimeProvider time)
{
    /// <summary>The maximum number of valid API keys and logins of one user.</summary>
    internal const int Most = 50;

    /// <param name="expiresAt">When it expires; null for never.</param>
    /// <param name="creator">The id of the key that creates it, without which it is not valid; null for the machine owner's key or an invitation.</param>
    /// <returns>The row to store, and the key to show once.</returns>
    public (ApiKeyRow Row, string Secret) Create(string user, string name, DateTimeOffset? expiresAt, string? creator)
    {
        var secret = KeyText.Create();
        var row = new ApiKeyRow
        {
            Id = ids.New<ApiKeyId>().Value,
            UserId = user,
            Name = name,
            Hash = KeyText.Hash(secret),
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = expiresAt,
            CreatorKeyId = creator,
        };
        return (row, secret);
    }

    /// <summary>Requires that the user may have one more key or login. Call it in the transaction that adds it.</summary>
    /// <exception cref="RefusedException">409: the user has too many, or the creator was itself created by too many keys in a row.</exception>
    public async Task RequireRoomAsync(PorticoDb db, string user, string? creator, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = await db.ApiKeys.CountAsync(
            row => row.UserId == user && row.RevokedAt == null && (row.ExpiresAt == null || row.ExpiresAt > now), cancellationToken);
        var logins = await db.Logins.CountAsync(row => row.UserId == user && row.RevokedAt == null && row.RefreshExpiresAt > now, cancellationToken);
        if (keys + logins >= Most)
            throw Refusal.Conflict($"A user can have at most {Most} API keys and logins. `portico keys list` shows them; revoke one that is no longer used.");
        if (!await KeyChain.IsValidAsync(db, creator, now, cancellationToken))
            throw Refusal.Conflict("This key was created by a long row of other keys, so it can create none itself. Use an older key.");
    }

    /// <summary>Revokes a key or login, and every key and login that was created with it.</summary>
    public async Task RevokeAsync(PorticoDb db, string key, CancellationToken cancellationToken)
    {
        foreach (var revoked in await KeyChain.RevokeAsync(db, key, time.GetUtcNow(), cancellationToken))
            uses.Forget(revoked);
    }
}
