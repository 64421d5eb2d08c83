using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Storage;

namespace Portico.ControlPlane.Deploys;

/// <summary>The user who asked for something, as they were then: events name them, also when they are gone.</summary>
public sealed record Actor(string Id, string Email)
{
    public static Task<Actor> OfAsync(PorticoDb db, Caller caller, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(caller);
        return db.Users.AsNoTracking().Where(user => user.Id == caller.UserId)
            .Select(user => new Actor(user.Id, user.Email)).SingleAsync(cancellationToken);
    }
}
