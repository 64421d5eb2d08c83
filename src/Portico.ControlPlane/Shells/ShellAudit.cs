using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Shells;

/// <summary>Records in the audit log who began and ended a session. What was typed is not recorded.</summary>
internal sealed class ShellAudit(IDbContextFactory<PorticoDb> databases, IdSource ids, TimeProvider time)
{
    /// <summary>Render's names.</summary>
    public const string Began = "StartShellEvent", Ended = "EndShellEvent";

    private const int SwitchingProtocols = 101;

    /// <param name="path">The path of the endpoint, or the address that an SSH client used.</param>
    public async Task WriteAsync(string name, Caller caller, ShellTarget target, string path)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        db.AuditLogs.Add(new AuditRow
        {
            Id = ids.New<AuditLogId>().Value,
            WorkspaceId = target.Workspace,
            At = time.GetUtcNow(),
            Event = name,
            UserId = caller.UserId,
            UserEmail = caller.Email,
            KeyId = caller.KeyId,
            Method = "GET",
            Path = path,
            ResourceId = target.Service,
            Status = SwitchingProtocols,
        });
        await db.SaveChangesAsync(CancellationToken.None);
    }
}
