using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Git;

/// <summary>Makes the secrets by which others have a service deployed: each service has them from the first time that somebody asks.</summary>
public static class ServiceHooks
{
    private const int Bytes = 24;

    public static Task<ServiceHooksRow> EnsureAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        ChangeAsync(db, service, static _ => { }, cancellationToken);

    /// <summary>The one before no longer lets anybody in.</summary>
    public static Task<ServiceHooksRow> RenewDeployKeyAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        ChangeAsync(db, service, static row => row.DeployKey = NewSecret(), cancellationToken);

    /// <inheritdoc cref="RenewDeployKeyAsync"/>
    public static Task<ServiceHooksRow> RenewWebhookSecretAsync(PorticoDb db, string service, CancellationToken cancellationToken) =>
        ChangeAsync(db, service, static row => row.WebhookSecret = NewSecret(), cancellationToken);

    private static async Task<ServiceHooksRow> ChangeAsync(
        PorticoDb db, string service, Action<ServiceHooksRow> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
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
