using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Shells;

/// <summary>Watches the rights of a session's user: a session must not outlive them, or the key that it was opened with.</summary>
internal sealed class ShellAccess(IDbContextFactory<PorticoDb> databases, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the user may not operate the service any more.</summary>
    /// <param name="present">Returns the user of the key as they are now; null if the key is not valid any more.</param>
    public async Task LostAsync(string service, Func<CancellationToken, Task<Caller?>> present, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            if (!await MayAsync(service, present, cancellationToken))
                return;
    }

    private async Task<bool> MayAsync(string service, Func<CancellationToken, Task<Caller?>> present, CancellationToken cancellationToken)
    {
        if (await present(cancellationToken) is not { } caller)
            return false;
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Services.AsNoTracking().GetServiceAsync(caller.For(Permission.Operate), service, cancellationToken);
            return true;
        }
        catch (RefusedException)
        {
            return false;
        }
    }
}
