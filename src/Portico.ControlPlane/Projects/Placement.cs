using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Projects;

/// <summary>The environment that a body names.</summary>
internal static class Placement
{
    /// <returns>Its id; null when none is named.</returns>
    /// <exception cref="RefusedException">400: there is no such environment in the workspace. 403: it is protected from the caller.</exception>
    public static async Task<string?> RequireAsync(
        PorticoDb db, Caller caller, string workspace, string? environmentId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(environmentId))
            return null;
        if (!await db.Environments.AnyAsync(row => row.Id == environmentId && row.WorkspaceId == workspace, cancellationToken))
            throw Refusal.Invalid($"environmentId: this workspace has no environment '{environmentId}'.");
        caller.RequireChangesIn(environmentId);
        return environmentId;
    }
}
