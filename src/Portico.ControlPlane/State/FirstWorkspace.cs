using Microsoft.EntityFrameworkCore;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.State;

/// <summary>The workspace and the user of the machine's owner, which exist from the start.</summary>
internal static class FirstWorkspace
{
    private const string Name = "My Workspace", Email = "owner@localhost";

    /// <summary>Creates them if they are missing.</summary>
    public static async Task EnsureAsync(PorticoDb db, IdSource ids, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(user => user.IsOwner, cancellationToken))
            return;
        var workspace = new WorkspaceRow { Id = ids.New<WorkspaceId>().Value, Name = Name, Email = Email, CreatedAt = time.GetUtcNow() };
        var owner = new UserRow { Id = ids.New<UserId>().Value, Name = "Owner", Email = Email, IsOwner = true, CreatedAt = time.GetUtcNow() };
        db.Workspaces.Add(workspace);
        db.Users.Add(owner);
        db.Members.Add(new MemberRow { WorkspaceId = workspace.Id, UserId = owner.Id, Role = Role.Admin });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Returns the first workspace, which is used for Blueprints that name none.</summary>
    /// <remarks>It is the one that was added first. Creation times are not used, because clocks can be set back.</remarks>
    public static Task<string> IdAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        return db.Database.SqlQuery<string>($"SELECT Id AS Value FROM Workspaces ORDER BY rowid LIMIT 1").SingleAsync(cancellationToken);
    }
}
