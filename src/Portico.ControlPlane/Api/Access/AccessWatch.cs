using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Access;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>What a request was let in by may be taken away while it lasts: a stream must not outlive its key.</summary>
public sealed class AccessWatch(Callers callers, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the request's key was revoked or has expired, or its user may no longer do this.</summary>
    public async Task LostAsync(HttpRequest request, Permission permission, string workspace, CancellationToken cancellationToken)
    {
        var key = ApiKeyAuthentication.KeyIn(request)
            ?? throw new InvalidOperationException("Only a request that was let in by a key can be watched.");
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            if (await callers.FindAsync(key, cancellationToken) is not { } caller || !caller.May(permission, workspace))
                return;
    }
}
