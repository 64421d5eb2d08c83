using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <param name="DeviceCode">The secret with which the device asks for tokens.</param>
/// <param name="UserCode">The code that the user types.</param>
internal sealed record DeviceGrant(string DeviceCode, string UserCode, TimeSpan Lifetime, TimeSpan Interval);

/// <summary>Where a client asks from.</summary>
/// <param name="Address">As it is shown to the user who approves; null for this machine.</param>
/// <param name="Network">What strangers share who may be the same one.</param>
internal sealed record ClientPlace(string? Address, string Network);

/// <summary>A client that is waiting for approval.</summary>
/// <param name="Client">The name that it gave itself.</param>
/// <param name="Address">Where it asks from; null for this machine.</param>
internal sealed record WaitingClient(string Client, string? Address, DateTimeOffset Since);

internal sealed record LoginTokens(string AccessToken, string RefreshToken, TimeSpan Lifetime);

/// <summary>
/// Device login as in RFC 8628: a client that cannot ask for a key shows a code, its user approves the code, and the client
/// gets tokens. Tokens are stored as digests; a refresh token can be used once.
/// </summary>
internal sealed class DeviceLogin(IDbContextFactory<PorticoDb> databases, Keys keys, IdSource ids, TimeProvider time)
{
    /// <summary>Strangers can take these places, but no network can take all of them; see <see cref="MakeRoomAsync"/>.</summary>
    internal const int MostWaiting = 1000, MostOfNetwork = 20;

    private const int CodeLetters = 8;

    // No vowels, so that no words come about, and nothing that looks like another letter.
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private static readonly TimeSpan GrantLifetime = TimeSpan.FromMinutes(15), Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1), RefreshLifetime = TimeSpan.FromDays(30);

    // Two runs of a client may refresh at once: the later one fails, and is no thief.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(30);

    /// <returns>Null if too many clients of this network are waiting.</returns>
    public async Task<DeviceGrant?> BeginAsync(string client, ClientPlace place, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.DeviceGrants.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        if (!await MakeRoomAsync(db, place.Network, cancellationToken))
            return null;
        var (device, letters) = (KeyText.Create(), RandomNumberGenerator.GetString(Alphabet, CodeLetters));
        var code = $"{letters[..4]}-{letters[4..]}";
        db.DeviceGrants.Add(new DeviceGrantRow
        {
            DeviceHash = KeyText.Hash(device),
            UserCode = code,
            ClientId = client,
            Address = place.Address,
            Network = place.Network,
            CreatedAt = now,
            ExpiresAt = now + GrantLifetime,
        });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new DeviceGrant(device, code, GrantLifetime, Interval);
    }

    /// <summary>
    /// Makes room for one more waiting client. A network has few places. If all places are taken, the client that has waited
    /// longest in the network with the most clients gives way, so that a stranger displaces at most themselves.
    /// </summary>
    private static async Task<bool> MakeRoomAsync(PorticoDb db, string network, CancellationToken cancellationToken)
    {
        if (await db.DeviceGrants.CountAsync(row => row.Network == network, cancellationToken) >= MostOfNetwork)
            return false;
        if (await db.DeviceGrants.CountAsync(cancellationToken) < MostWaiting)
            return true;
        var busiest = await db.DeviceGrants.GroupBy(row => row.Network).OrderByDescending(group => group.Count()).ThenBy(group => group.Min(row => row.CreatedAt))
            .Select(group => group.Key).FirstAsync(cancellationToken);
        var oldest = await db.DeviceGrants.Where(row => row.Network == busiest).OrderBy(row => row.CreatedAt).Select(row => row.DeviceHash).FirstAsync(cancellationToken);
        await db.DeviceGrants.Where(row => row.DeviceHash == oldest).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    /// <summary>Finds the client that waits with a code, so that its user can check what they approve.</summary>
    /// <returns>Null if the code is unknown, expired or approved already.</returns>
    public async Task<WaitingClient?> FindAsync(string userCode, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Waiting(db, userCode).Select(row => new WaitingClient(row.ClientId, row.Address, row.CreatedAt)).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>The name that the client gave itself; null if the code is unknown, expired or approved already.</returns>
    /// <exception cref="RefusedException">409: the user has too many keys and logins.</exception>
    public async Task<string?> ApproveAsync(string userCode, Caller user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var grant = await Waiting(db, userCode).FirstOrDefaultAsync(cancellationToken);
        if (grant is null)
            return null;
        await keys.RequireRoomAsync(db, user.UserId, user.KeyId, cancellationToken);
        (grant.ApprovedBy, grant.ApproverKeyId) = (user.UserId, user.KeyId);
        grant.Version++;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return grant.ClientId;
    }

    private IQueryable<DeviceGrantRow> Waiting(PorticoDb db, string userCode)
    {
        var (code, now) = (Normalize(userCode), time.GetUtcNow());
        return db.DeviceGrants.Where(row => row.UserCode == code && row.ExpiresAt > now && row.ApprovedBy == null);
    }

    /// <param name="client">What the client calls itself; null if it does not say.</param>
    /// <returns>The tokens, or an OAuth error code.</returns>
    public async Task<(LoginTokens? Tokens, string? Error)> RedeemAsync(string deviceCode, string? client, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (hash, now) = (KeyText.Hash(deviceCode), time.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var grant = await db.DeviceGrants.AsNoTracking().FirstOrDefaultAsync(row => row.DeviceHash == hash, cancellationToken);
        if (grant is null || grant.ExpiresAt <= now)
            return (null, "expired_token");
        if (grant.ApprovedBy is not { } user)
            return (null, "authorization_pending");
        var (tokens, refresh) = NewTokens();
        db.Logins.Add(new LoginRow
        {
            Id = ids.New<ApiKeyId>().Value,
            UserId = user,
            ClientId = grant.ClientId,
            Client = client,
            Address = grant.Address,
            AccessHash = KeyText.Hash(tokens.AccessToken),
            AccessExpiresAt = now + AccessLifetime,
            RefreshHash = refresh,
            RefreshExpiresAt = now + RefreshLifetime,
            RefreshedAt = now,
            CreatedAt = now,
            CreatorKeyId = grant.ApproverKeyId,
        });
        await db.SaveChangesAsync(cancellationToken);
        await db.DeviceGrants.Where(row => row.DeviceHash == hash).ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (tokens, null);
    }

    /// <returns>Null if the token is unknown, expired, revoked or already used.</returns>
    public async Task<LoginTokens?> RefreshAsync(string refreshToken, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (hash, now) = (KeyText.Hash(refreshToken), time.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RevokeIfSpentAsync(db, hash, cancellationToken);
        var login = await db.Logins.FirstOrDefaultAsync(
            row => row.RefreshHash == hash && row.RevokedAt == null && row.RefreshExpiresAt > now, cancellationToken);
        var tokens = login is not null && await KeyChain.IsValidAsync(db, login.CreatorKeyId, now, cancellationToken) ? Renew(login, hash, now) : null;
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return tokens;
    }

    /// <summary>Revokes the login that an access token or refresh token belongs to, and what was created with it.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var hash = KeyText.Hash(token);
        await RevokeAsync(db, db.Logins.Where(row => (row.AccessHash == hash || row.RefreshHash == hash) && row.RevokedAt == null), cancellationToken);
    }

    /// <summary>Revokes a login whose refresh token is presented a second time: one of the two clients has stolen it.</summary>
    private Task RevokeIfSpentAsync(PorticoDb db, string hash, CancellationToken cancellationToken)
    {
        var doubted = time.GetUtcNow() - Doubt;
        return RevokeAsync(db, db.Logins.Where(row => row.SpentRefreshHash == hash && row.RevokedAt == null && row.RefreshedAt < doubted), cancellationToken);
    }

    private async Task RevokeAsync(PorticoDb db, IQueryable<LoginRow> logins, CancellationToken cancellationToken)
    {
        foreach (var login in await logins.Select(row => row.Id).ToListAsync(cancellationToken))
            await keys.RevokeAsync(db, login, cancellationToken);
    }

    private static LoginTokens Renew(LoginRow login, string spentHash, DateTimeOffset now)
    {
        var (tokens, refresh) = NewTokens();
        (login.SpentRefreshHash, login.RefreshHash, login.AccessHash) = (spentHash, refresh, KeyText.Hash(tokens.AccessToken));
        (login.RefreshedAt, login.AccessExpiresAt, login.RefreshExpiresAt) = (now, now + AccessLifetime, now + RefreshLifetime);
        login.Version++;
        return tokens;
    }

    private static (LoginTokens Tokens, string RefreshHash) NewTokens()
    {
        var tokens = new LoginTokens(KeyText.Create(), KeyText.Create(), AccessLifetime);
        return (tokens, KeyText.Hash(tokens.RefreshToken));
    }

    /// <summary>Normalizes a code: people type it in lower case, with or without separators.</summary>
    private static string Normalize(string code)
    {
        var letters = string.Concat(code.ToUpperInvariant().Where(Alphabet.Contains));
        return letters.Length == CodeLetters ? $"{letters[..4]}-{letters[4..]}" : "";
    }
}
