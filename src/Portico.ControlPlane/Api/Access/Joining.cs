using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Redeems an invitation for a request, so that the audit log names the user who has joined.</summary>
internal sealed class Joining(Invitations invitations, IDbContextFactory<PorticoDb> databases)
{
    /// <param name="caller">The user of the API key that was presented; null for a new user.</param>
    /// <returns>Null if the link is not valid.</returns>
    public async Task<JoinedMember?> JoinAsync(HttpContext context, string token, Caller? caller, string? name, CancellationToken cancellationToken)
    {
        var joined = caller is null
            ? await invitations.JoinAsNewUserAsync(token, name is null ? null : IdentityText.Name("name", name), cancellationToken)
            : await invitations.JoinAsync(token, caller, cancellationToken);
        if (joined is null)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if ((caller ?? await Callers.OfUserAsync(db, joined.User.Id, null, cancellationToken)) is { } member)
        {
            member.AuditTargets.Add(joined.Invitation.WorkspaceId);
            member.AuditTargets.Resource = joined.User.Id;
            context.Features.Set(member);
        }
        return joined;
    }
}
