using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>A workspace keeps somebody who can let others in.</summary>
internal static class MemberRules
{
    /// <exception cref="RefusedException">400: no role of Render's.</exception>
    public static Role ParseRole(string? name) => Roles.Parse(name) ?? throw Refusal.Invalid(
        $"role: one of {string.Join(", ", Enum.GetValues<Role>().Select(role => role.Name()))} is needed.");

    /// <summary>To be asked in the transaction of the change: two admins who go at once must see each other.</summary>
    /// <exception cref="RefusedException">409: afterwards there would be no admin, or not the machine's owner.</exception>
    public static async Task RequireAdminBesidesAsync(PorticoDb db, MemberRow member, CancellationToken cancellationToken)
    {
        if (member.Role != Role.Admin)
            return;
        if (await db.Users.AnyAsync(row => row.Id == member.UserId && row.IsOwner, cancellationToken)
            && await FirstWorkspace.IdAsync(db, cancellationToken) == member.WorkspaceId)
            throw Refusal.Conflict("The owner of this machine stays an admin of the first workspace.");
        var others = await db.Members.AnyAsync(
            row => row.WorkspaceId == member.WorkspaceId && row.UserId != member.UserId && row.Role == Role.Admin, cancellationToken);
        if (!others)
            throw Refusal.Conflict("This is the workspace's last admin. Make another member an admin first.");
    }
}
