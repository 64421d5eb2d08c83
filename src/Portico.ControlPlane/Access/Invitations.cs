using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Access;

/// <param name="Id">The id of the invitation.</param>
internal sealed record OpenInvitation(string Id, string WorkspaceId, string Workspace, string Email, Role Role);

/// <summary>A user who has joined a workspace.</summary>
/// <param name="Key">The first API key of a new user, to show once; null for a user who had one.</param>
internal sealed record JoinedMember(UserRow User, OpenInvitation Invitation, string? Key);

/// <summary>
/// Invites people to a workspace. A person who has the link decides to join: as the user whose API key they present, or as a
/// new user. The address in an invitation is not an identity, because nothing proves whose it is.
/// </summary>
/// <remarks>
/// <code>
/// admin ── link, shown once ──► person ── link + own key ──► member: the user of that key
///                                      ── link alone ──────► member: a new user, with a first key that only they see
/// </code>
/// </remarks>
internal sealed class Invitations(IDbContextFactory<PorticoDb> databases, Keys keys, IdSource ids, TimeProvider time)
{
    internal const int MostOpen = 100;
    private const string FirstKey = "First key";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <returns>The row, and the token of the link to show once.</returns>
    /// <exception cref="RefusedException">409: a member has this address, or too many invitations are open.</exception>
    public async Task<(InvitationRow Row, string Token)> CreateAsync(
        PorticoDb db, Caller caller, string workspace, string email, Role role, CancellationToken cancellationToken)
    {
        var (token, now) = (KeyText.Create(), time.GetUtcNow());
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await RequireNoMemberAsync(db, workspace, email, cancellationToken);
        if (await db.Invitations.CountAsync(item => item.WorkspaceId == workspace && item.ExpiresAt > now, cancellationToken) >= MostOpen)
            throw Refusal.Conflict($"The workspace has {MostOpen} open invitations. Delete one that is not needed first.");
        var row = new InvitationRow
        {
            Id = ids.New<InvitationId>().Value,
            WorkspaceId = workspace,
            Email = email,
            Role = role,
            Hash = KeyText.Hash(token),
            InviterId = caller.UserId,
            CreatedAt = now,
            ExpiresAt = now + Lifetime,
        };
        db.Invitations.Add(row);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (row, token);
    }

    /// <summary>Shows what a link invites to.</summary>
    /// <returns>Null if the link is unknown, used, deleted or expired, or if its inviter is no longer an admin of the workspace.</returns>
    public async Task<OpenInvitation?> FindAsync(string token, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await FindAsync(db, token, cancellationToken);
    }

    /// <summary>Adds the user who presents their own key.</summary>
    /// <returns>Null as in <see cref="FindAsync(string, CancellationToken)"/>.</returns>
    /// <exception cref="RefusedException">409: the user is a member already. The link stays valid.</exception>
    public Task<JoinedMember?> JoinAsync(string token, Caller caller, CancellationToken cancellationToken) => RedeemAsync(token, async (db, invitation) =>
    {
        if (await db.Members.AnyAsync(row => row.WorkspaceId == invitation.WorkspaceId && row.UserId == caller.UserId, cancellationToken))
            throw Refusal.Conflict($"You are already a member of '{invitation.Workspace}'.");
        return new JoinedMember(await db.Users.AsNoTracking().SingleAsync(row => row.Id == caller.UserId, cancellationToken), invitation, null);
    }, cancellationToken);

    /// <summary>Creates a user with a first key, and adds them.</summary>
    /// <param name="name">The name of the user; null for their address.</param>
    /// <returns>Null as in <see cref="FindAsync(string, CancellationToken)"/>.</returns>
    /// <exception cref="RefusedException">409: another member has this address. The link stays valid.</exception>
    public Task<JoinedMember?> JoinAsNewUserAsync(string token, string? name, CancellationToken cancellationToken) => RedeemAsync(token, async (db, invitation) =>
    {
        await RequireNoMemberAsync(db, invitation.WorkspaceId, invitation.Email, cancellationToken);
        var user = new UserRow { Id = ids.New<UserId>().Value, Name = name ?? invitation.Email, Email = invitation.Email, CreatedAt = time.GetUtcNow() };
        var (key, secret) = keys.Create(user.Id, FirstKey, null, null);
        db.Users.Add(user);
        db.ApiKeys.Add(key);
        return new JoinedMember(user, invitation, secret);
    }, cancellationToken);

    /// <summary>Uses the link up and adds the member, or neither.</summary>
    private async Task<JoinedMember?> RedeemAsync(
        string token, Func<PorticoDb, OpenInvitation, Task<JoinedMember>> join, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await FindAsync(db, token, cancellationToken) is not { } invitation)
            return null;
        var joined = await join(db, invitation);
        db.Members.Add(new MemberRow { WorkspaceId = invitation.WorkspaceId, UserId = joined.User.Id, Role = invitation.Role });
        await db.SaveChangesAsync(cancellationToken);
        if (await db.Invitations.Where(row => row.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
            return null;
        await transaction.CommitAsync(cancellationToken);
        return joined;
    }

    private Task<OpenInvitation?> FindAsync(PorticoDb db, string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (KeyText.Hash(token), time.GetUtcNow());
        return (from row in db.Invitations
                join workspace in db.Workspaces on row.WorkspaceId equals workspace.Id
                where row.Hash == hash && row.ExpiresAt > now
                    && db.Members.Any(member => member.WorkspaceId == row.WorkspaceId && member.UserId == row.InviterId && member.Role == Role.Admin)
                select new OpenInvitation(row.Id, workspace.Id, workspace.Name, row.Email, row.Role)).FirstOrDefaultAsync(cancellationToken);
    }

    private static async Task RequireNoMemberAsync(PorticoDb db, string workspace, string email, CancellationToken cancellationToken)
    {
        if (await db.Members.AnyAsync(
            row => row.WorkspaceId == workspace && db.Users.Any(user => user.Id == row.UserId && user.Email == email), cancellationToken))
            throw Refusal.Conflict($"email: {email} is already a member.");
    }
}
