using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

/// <summary>Creates the links that sign a browser in once, as the user who asked for one.</summary>
internal sealed class SignInLinks(IDbContextFactory<PorticoDb> databases, TimeProvider time)
{
    /// <summary>How many unused links one user can have. The oldest gives way to a new one.</summary>
    internal const int Most = 20;

    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <returns>The code, which is shown once, and when it stops working.</returns>
    public async Task<(string Code, DateTimeOffset ExpiresAt)> CreateAsync(Caller by, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var (code, now) = (KeyText.Create(), time.GetUtcNow());
        var row = new SignInLinkRow { Hash = KeyText.Hash(code), UserId = by.UserId, CreatedAt = now, ExpiresAt = now + Lifetime, CreatorKeyId = by.KeyId };
        db.SignInLinks.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        var old = await db.SignInLinks.Where(link => link.UserId == by.UserId).OrderByDescending(link => link.CreatedAt)
            .Skip(Most).Select(link => link.Hash).ToListAsync(cancellationToken);
        await db.SignInLinks.Where(link => old.Contains(link.Hash)).ExecuteDeleteAsync(cancellationToken);
        return (code, row.ExpiresAt);
    }
}
