using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Access;

/// <summary>Removes audit log entries past their retention, and keys, logins and invitations that have expired or were revoked.</summary>
internal sealed class AccessSweeper(IDbContextFactory<PorticoDb> databases, PlatformSettings settings, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private readonly SweepInterval _interval = new(Interval, time);

    public string Name => "access sweeper";

    public Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken) => _interval.RunAsync(async () =>
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var oldest = now - settings.AuditRetention;
        await db.AuditLogs.Where(row => row.At < oldest).ExecuteDeleteAsync(cancellationToken);
        await db.DeviceGrants.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.Invitations.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await db.Logins.Where(row => row.RefreshExpiresAt <= now || row.RevokedAt != null).ExecuteDeleteAsync(cancellationToken);
        await db.ApiKeys.Where(row => row.ExpiresAt <= now || row.RevokedAt != null).ExecuteDeleteAsync(cancellationToken);
        await RemoveOrphansAsync(db, cancellationToken);
    });

    /// <summary>Removes the keys and logins whose creator was removed. They have not been valid since.</summary>
    private static async Task RemoveOrphansAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var removed = -1;
        while (removed != 0)
            removed = await db.ApiKeys.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
                    && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken)
                + await db.Logins.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
                    && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken);
    }
}
