using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Git;

/// <summary>Creates the secrets with which external systems can trigger deploys of a service, the first time that a user requests them.</summary>
internal static class ServiceHooks
{
    private const int Bytes = 24;

    /// <summary>Writes only where the service has none yet.</summary>
    public static async Task<ServiceHooksRow> EnsureAsync(PorticoDb db, string service, CancellationToken cancellationToken)
    {
        return await db.ServiceHooks.AsNoTracking().FirstOrDefaultAsync(item => item.ServiceId == service, cancellationToken)
            ?? await ChangeAsync(db, service, static _ => { }, cancellationToken);
    }

    /// <summary>Creates a new deploy key. The previous one stops working.</summary>
    public static Task<ServiceHooksRow> RenewDeployKeyAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        ChangeAsync(db, service, static row => row.DeployKey = NewSecret(), cancellationToken);

    /// <inheritdoc cref="RenewDeployKeyAsync"/>
    public static Task<ServiceHooksRow> RenewWebhookSecretAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        ChangeAsync(db, service, static row => row.WebhookSecret = NewSecret(), cancellationToken);

    private static async Task<ServiceHooksRow> ChangeAsync(
        PorticoDb db, string service, Action<ServiceHooksRow> change, CancellationToken cancellationToken)
    {
        return await db.TransactAsync(async () =>
        {
            var row = await db.ServiceHooks.FirstOrDefaultAsync(item => item.ServiceId == service, cancellationToken);
            if (row is null)
                db.ServiceHooks.Add(row = new ServiceHooksRow { ServiceId = service, DeployKey = NewSecret(), WebhookSecret = NewSecret() });
            change(row);
            row.Version++;
            return row;
        }, cancellationToken);
    }

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
}
