using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <param name="DeviceCode">The secret with which the device asks for tokens.</param>
/// <param name="UserCode">The code that the user types.</param>
internal sealed record DeviceGrant(string DeviceCode, string UserCode, TimeSpan Lifetime, TimeSpan Interval);

internal sealed record LoginTokens(string AccessToken, string RefreshToken, TimeSpan Lifetime);

/// <summary>
/// Device login as in RFC 8628: a client that cannot ask for a key shows a code, its user approves the code, and the client
/// gets tokens. Tokens are stored as digests; a refresh token can be used once.
/// </summary>
internal sealed class DeviceLogin(IDbContextFactory<PorticoDb> databases, IdSource ids, TimeProvider time)
{
    private const int MostWaiting = 1000, CodeLetters = 8;

    // No vowels, so that no words come about, and nothing that looks like another letter.
    private const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private static readonly TimeSpan GrantLifetime = TimeSpan.FromMinutes(15), Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1), RefreshLifetime = TimeSpan.FromDays(30);

    // Two runs of a client may refresh at once: the later one fails, and is no thief.
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(30);

    /// <returns>Null if too many clients are waiting.</returns>
    public async Task<DeviceGrant?> BeginAsync(string client, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var now = time.GetUtcNow();
        await db.DeviceGrants.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        if (await db.DeviceGrants.CountAsync(cancellationToken) >= MostWaiting)
            return null;
        var (device, letters) = (KeyText.Create(), RandomNumberGenerator.GetString(Alphabet, CodeLetters));
        var code = $"{letters[..4]}-{letters[4..]}";
        db.DeviceGrants.Add(new DeviceGrantRow
        {
            DeviceHash = KeyText.Hash(device),
            UserCode = code,
            ClientId = client,
            CreatedAt = now,
            ExpiresAt = now + GrantLifetime,
        });
        await db.SaveChangesAsync(cancellationToken);
        return new DeviceGrant(device, code, GrantLifetime, Interval);
    }

    /// <returns>The name that the client gave itself; null if the code is unknown or expired.</returns>
    public async Task<string?> ApproveAsync(string userCode, string user, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (code, now) = (Normalize(userCode), time.GetUtcNow());
        var approved = await db.DeviceGrants.Where(row => row.UserCode == code && row.ExpiresAt > now && row.ApprovedBy == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ApprovedBy, user), cancellationToken);
        return approved == 0
            ? null
            : await db.DeviceGrants.Where(row => row.UserCode == code).Select(row => row.ClientId).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>The tokens, or an OAuth error code.</returns>
    public async Task<(LoginTokens? Tokens, string? Error)> RedeemAsync(string deviceCode, CancellationToken cancellationToken)
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
            AccessHash = KeyText.Hash(tokens.AccessToken),
            AccessExpiresAt = now + AccessLifetime,
            RefreshHash = refresh,
            RefreshExpiresAt = now + RefreshLifetime,
            RefreshedAt = now,
            CreatedAt = now,
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
        var (tokens, refresh) = NewTokens();
        if (login is not null)
        {
            (login.SpentRefreshHash, login.RefreshHash, login.AccessHash) = (hash, refresh, KeyText.Hash(tokens.AccessToken));
            (login.RefreshedAt, login.AccessExpiresAt, login.RefreshExpiresAt) = (now, now + AccessLifetime, now + RefreshLifetime);
            login.Version++;
            await db.SaveChangesAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return login is null ? null : tokens;
    }

    /// <summary>Revokes the login that an access token or refresh token belongs to.</summary>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (hash, now) = (KeyText.Hash(token), time.GetUtcNow());
        await db.Logins.Where(row => (row.AccessHash == hash || row.RefreshHash == hash) && row.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
    }

    /// <summary>Revokes a login whose refresh token is presented a second time: one of the two clients has stolen it.</summary>
    private async Task RevokeIfSpentAsync(PorticoDb db, string hash, CancellationToken cancellationToken)
    {
        var (now, doubted) = (time.GetUtcNow(), time.GetUtcNow() - Doubt);
        await db.Logins.Where(row => row.SpentRefreshHash == hash && row.RevokedAt == null && row.RefreshedAt < doubted)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
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
