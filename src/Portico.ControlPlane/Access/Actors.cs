using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

internal static class Actors
{
    /// <summary>Gets the caller in the form that events contain.</summary>
    public static Task<Actor> ActorAsync(this PorticoDb db, Caller caller, CancellationToken cancellationToken) =>
        db.Users.AsNoTracking().Where(user => user.Id == caller.UserId).Select(user => new Actor(user.Id, user.Email)).SingleAsync(cancellationToken);
}
