using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Code;

internal static class Workspaces
{
    /// <summary>Returns the option that names a workspace; nothing if the platform has only one.</summary>
    public static async Task<IReadOnlyList<string>> OptionAsync(PorticoDb db, string workspace, CancellationToken cancellationToken) =>
        await db.Workspaces.CountAsync(cancellationToken) > 1 ? ["--workspace", workspace] : [];
}
