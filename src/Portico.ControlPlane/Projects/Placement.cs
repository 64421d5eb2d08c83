using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Projects;

/// <summary>Finds the environment that a request body names.</summary>
internal static class Placement
{
    /// <returns>The id of the environment; null if none is named.</returns>
    /// <exception cref="RefusedException">400: the workspace has no such environment. 403: it is protected from the caller.</exception>
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
