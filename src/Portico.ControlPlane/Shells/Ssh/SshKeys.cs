using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>The public keys of users.</summary>
internal sealed class SshKeys(IDbContextFactory<PorticoDb> databases, IdSource ids, TimeProvider time)
{
    internal const int Most = 50;

    /// <exception cref="RefusedException">The key is invalid or exists, or its user has too many.</exception>
    public async Task<SshKeyRow> AddAsync(PorticoDb db, Caller caller, string name, string publicKey, CancellationToken cancellationToken)
    {
        var key = SshPublicKey.Parse(publicKey);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Another user may have it too: a public key proves nothing, so nobody can reserve one.
        if (await db.SshKeys.AnyAsync(row => row.UserId == caller.UserId && row.PublicKey == key.Line, cancellationToken))
            throw Refusal.Conflict("publicKey: you have added this key already.");
        if (await db.SshKeys.CountAsync(row => row.UserId == caller.UserId, cancellationToken) >= Most)
            throw Refusal.Conflict($"A user can have at most {Most} SSH keys. Delete one that is no longer used.");
        var row = new SshKeyRow
        {
            Id = ids.New<SshKeyId>().Value,
            UserId = caller.UserId,
            Name = IdentityText.Name("name", name),
            PublicKey = key.Line,
            CreatedAt = time.GetUtcNow(),
            CreatorKeyId = caller.KeyId,
        };
        db.SshKeys.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return row;
    }

    /// <summary>Returns the user of a key, as they are now; null if the key does not exist, or if the one that added it is not valid any more.</summary>
    public async Task<Caller?> CallerOfAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.SshKeys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } key
            && await KeyChain.IsValidAsync(db, key.CreatorKeyId, time.GetUtcNow(), cancellationToken)
                ? await Callers.OfUserAsync(db, key.UserId, key.Id, cancellationToken)
                : null;
    }
}
