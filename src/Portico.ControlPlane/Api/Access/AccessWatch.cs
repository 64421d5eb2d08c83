using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Access;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Watches the access of a long request: a stream must not outlive the API key that it was opened with.</summary>
internal sealed class AccessWatch(Callers callers, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the request's key is revoked or expired, or its user loses the permission.</summary>
    public async Task LostAsync(HttpRequest request, Permission permission, string workspace, CancellationToken cancellationToken)
    {
        var key = ApiKeyAuthentication.KeyIn(request)
            ?? throw new InvalidOperationException("Only a request that was authenticated with an API key can be watched.");
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            if (await callers.FindAsync(key, cancellationToken) is not { } caller || !caller.May(permission, workspace))
                return;
    }
}
