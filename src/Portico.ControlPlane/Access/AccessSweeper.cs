using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.State;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Access;

/// <summary>Removes audit log entries past their retention, and keys, logins, sessions and invitations that have expired or were revoked.</summary>
internal sealed class AccessSweeper(
    IDbContextFactory<PorticoDb> databases, PlatformSettings settings, RetriesFactory retries, TimeProvider time) : IReconciler
{
    private const string LoopName = "access sweeper";

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    private readonly SweepInterval _interval = new(Interval, time);
    private readonly ItemRetries _removals = retries.Create(LoopName, "removal of");

    public string Name => LoopName;

    public Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken) => _interval.RunAsync(() => SweepAsync(cancellationToken));

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - settings.AuditRetention;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await RemoveAsync("old audit log entries", db.AuditLogs.Where(row => row.At < oldest).ExecuteDeleteAsync);
        await RemoveAsync("expired device logins", db.DeviceGrants.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync);
        await RemoveAsync("expired invitations", db.Invitations.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync);
        var unused = now - Sessions.Idle;
        await RemoveAsync("expired sign-in links", db.SignInLinks.Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync);
        await RemoveAsync("ended sessions", db.Sessions.Where(row => row.ExpiresAt <= now || row.LastUsedAt <= unused || row.RevokedAt != null).ExecuteDeleteAsync);
        await RemoveAsync("ended logins", db.Logins.Where(row => row.RefreshExpiresAt <= now || row.RevokedAt != null).ExecuteDeleteAsync);
        await RemoveAsync("ended API keys", db.ApiKeys.Where(row => row.ExpiresAt <= now || row.RevokedAt != null).ExecuteDeleteAsync);
        await RemoveAsync("keys and logins without their creator", token => RemoveOrphansAsync(db, token));

        Task RemoveAsync(string what, Func<CancellationToken, Task> work) => _removals.TryAsync(what, work, cancellationToken);
    }

    /// <summary>Removes the keys, logins and sessions whose creator was removed. They have not been valid since.</summary>
    private static async Task RemoveOrphansAsync(PorticoDb db, CancellationToken cancellationToken)
    {
        var removed = -1;
        while (removed != 0)
            removed = await db.ApiKeys.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
                    && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken)
                + await db.Logins.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
                    && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken)
                + await db.Sessions.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
                    && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken);
        await db.SshKeys.Where(row => row.CreatorKeyId != null && !db.ApiKeys.Any(key => key.Id == row.CreatorKeyId)
            && !db.Logins.Any(login => login.Id == row.CreatorKeyId)).ExecuteDeleteAsync(cancellationToken);
    }
}
