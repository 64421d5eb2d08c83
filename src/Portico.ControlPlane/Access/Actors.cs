using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

public static class Actors
{
    /// <summary>The caller as events name them.</summary>
    public static Task<Actor> ActorAsync(this PorticoDb db, Caller caller, CancellationToken cancellationToken) =>
        db.Users.AsNoTracking().Where(user => user.Id == caller.UserId).Select(user => new Actor(user.Id, user.Email)).SingleAsync(cancellationToken);
}
