using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <summary>The two secrets of a session, shown once.</summary>
/// <param name="Page">The half that the page keeps and sends in a header.</param>
/// <param name="Cookie">The half that the browser keeps and sends by itself.</param>
internal sealed record SessionSecrets(string Page, string Cookie);

/// <summary>Signs browsers in. A session is two secrets, and either alone is worthless.</summary>
/// <remarks>
/// <code>
/// cookie  is sent by the browser, also for a page of another app of the same site or port  → proves nothing alone
/// header  is sent by a script of the dashboard only, which cannot read the cookie          → cannot be carried away alone
/// </code>
/// </remarks>
internal sealed class Sessions(IDbContextFactory<PorticoDb> databases, Callers callers, ApiKeyUsage uses, IdSource ids, TimeProvider time)
{
    /// <summary>How many sessions one user can have. The one that was not used for longest gives way to a new one.</summary>
    internal const int Most = 20;

    internal static readonly TimeSpan Idle = TimeSpan.FromHours(12), Lifetime = TimeSpan.FromDays(30);

    /// <summary>Finds the session of a request, which must present both halves.</summary>
    /// <param name="cookies">All cookies of the name: an app of the same site can add one, but not remove the right one.</param>
    /// <returns>Null if one half is wrong, or the session has ended.</returns>
    public async Task<Caller?> FindAsync(string page, IEnumerable<string> cookies, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (hash, now) = (KeyText.Hash(page), time.GetUtcNow());
        var session = await Valid(db.Sessions.AsNoTracking(), now).FirstOrDefaultAsync(row => row.PageHash == hash, cancellationToken);
        if (session is null || !cookies.Any(cookie => AreEqual(KeyText.Hash(cookie), session.CookieHash))
            || !await KeyChain.IsValidAsync(db, session.CreatorKeyId, now, cancellationToken))
            return null;
        uses.Note(session.Id);
        return await Callers.OfUserAsync(db, session.UserId, session.Id, cancellationToken);
    }

    /// <summary>Signs in with an API key.</summary>
    /// <returns>Null if the key is unknown, expired or revoked.</returns>
    public async Task<(Caller Caller, SessionSecrets Secrets)?> SignInAsync(string key, string? client, ClientPlace place, CancellationToken cancellationToken)
    {
        if (await callers.FindAsync(key, cancellationToken) is not { } by)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await CreateAsync(db, by.UserId, by.KeyId, client, place, cancellationToken);
    }

    /// <summary>Signs in with a link, which works once.</summary>
    /// <returns>Null if the code is unknown, expired or used.</returns>
    public async Task<(Caller Caller, SessionSecrets Secrets)?> RedeemAsync(string code, string? client, ClientPlace place, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (hash, now) = (KeyText.Hash(code), time.GetUtcNow());
        var link = await db.SignInLinks.AsNoTracking().FirstOrDefaultAsync(row => row.Hash == hash && row.ExpiresAt > now, cancellationToken);
        if (link is null || !await KeyChain.IsValidAsync(db, link.CreatorKeyId, now, cancellationToken)
            || await db.SignInLinks.Where(row => row.Hash == hash).ExecuteDeleteAsync(cancellationToken) == 0)
            return null;
        return await CreateAsync(db, link.UserId, link.CreatorKeyId, client, place, cancellationToken);
    }

    /// <summary>The sessions that have not ended.</summary>
    public static IQueryable<SessionRow> Valid(IQueryable<SessionRow> rows, DateTimeOffset now)
    {
        var unused = now - Idle;
        return rows.Where(row => row.RevokedAt == null && row.ExpiresAt > now && row.LastUsedAt > unused);
    }

    private async Task<(Caller Caller, SessionSecrets Secrets)?> CreateAsync(
        PorticoDb db, string user, string? creator, string? client, ClientPlace place, CancellationToken cancellationToken)
    {
        var (now, secrets) = (time.GetUtcNow(), new SessionSecrets(KeyText.Create(), KeyText.Create()));
        var row = new SessionRow
        {
            Id = ids.New<SessionId>().Value,
            UserId = user,
            PageHash = KeyText.Hash(secrets.Page),
            CookieHash = KeyText.Hash(secrets.Cookie),
            Client = client,
            Address = place.Address,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now + Lifetime,
            CreatorKeyId = creator,
        };
        db.Sessions.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await EndLongestUnusedAsync(db, user, now, cancellationToken);
        return await Callers.OfUserAsync(db, user, row.Id, cancellationToken) is { } caller ? (caller, secrets) : null;
    }

    private static async Task EndLongestUnusedAsync(PorticoDb db, string user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await Valid(db.Sessions, now).Where(row => row.UserId == user).OrderByDescending(row => row.LastUsedAt).ThenByDescending(row => row.Id)
            .Skip(Most).Select(row => row.Id).ToListAsync(cancellationToken);
        await db.Sessions.Where(row => ended.Contains(row.Id)).ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), cancellationToken);
    }

    private static bool AreEqual(string presented, string stored) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(presented), Encoding.ASCII.GetBytes(stored));
}
