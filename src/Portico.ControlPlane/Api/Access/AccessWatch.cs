using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Access;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Watches the access of a long request: a stream must not outlive the API key or session that it was opened with.</summary>
internal sealed class AccessWatch(Callers callers, Sessions sessions, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Completes when the request's key or session is revoked or expired, or its user loses the permission.</summary>
    public async Task LostAsync(HttpRequest request, Permission permission, string workspace, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            if (await FindAsync(request, cancellationToken) is not { } caller || !caller.May(permission, workspace))
                return;
    }

    /// <summary>Returns the user of the request's key or session as they are now; null if it is not valid any more.</summary>
    public Task<Caller?> FindAsync(HttpRequest request, CancellationToken cancellationToken) =>
        ApiKeyAuthentication.KeyIn(request) is { } key
            ? callers.FindAsync(key, cancellationToken)
            : SessionSecretsIn.FindAsync(request, sessions, cancellationToken);
}
