using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Access;

/// <summary>Rules for members of a workspace: at least one admin must remain.</summary>
internal static class MemberRules
{
    /// <exception cref="RefusedException">400: the role is unknown.</exception>
    public static Role ParseRole(string? name) => Roles.Parse(name) ?? throw Refusal.Invalid(
        $"role: must be one of {string.Join(", ", Enum.GetValues<Role>().Select(role => role.Name()))}.");

    /// <summary>
    /// Requires another admin besides a member. Call it in the transaction of the change, so that two concurrent changes see
    /// each other.
    /// </summary>
    /// <exception cref="RefusedException">409: the workspace would have no admin, or the first workspace would lose the machine's owner.</exception>
    public static async Task RequireAdminBesidesAsync(PorticoDb db, MemberRow member, CancellationToken cancellationToken)
    {
        if (member.Role != Role.Admin)
            return;
        if (await db.Users.AnyAsync(row => row.Id == member.UserId && row.IsOwner, cancellationToken)
            && await FirstWorkspace.IdAsync(db, cancellationToken) == member.WorkspaceId)
            throw Refusal.Conflict("The owner of this machine must remain an admin of the first workspace.");
        var others = await db.Members.AnyAsync(
            row => row.WorkspaceId == member.WorkspaceId && row.UserId != member.UserId && row.Role == Role.Admin, cancellationToken);
        if (!others)
            throw Refusal.Conflict("This is the workspace's last admin. Make another member an admin first.");
    }
}
