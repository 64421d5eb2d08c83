using Portico.ControlPlane.Access;
using Portico.ControlPlane.Storage;

namespace Portico.ControlPlane.Api.Render;

/// <summary>The environment that a body names.</summary>
internal static class Placement
{
    /// <returns>Its id; null when none is named.</returns>
    /// <exception cref="RefusedException">There is no such environment in the workspace.</exception>
    public static async Task<string?> RequireAsync(
        PorticoDb db, Caller caller, string workspace, string? environmentId, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(environmentId))
            return null;
        var environment = await db.Environments.GetAsync(caller, row => row.Id == environmentId, "environment", environmentId, cancellationToken);
        return environment.WorkspaceId == workspace
            ? environment.Id
            : throw Refusal.BadRequest($"environmentId: '{environmentId}' belongs to another workspace than ownerId.");
    }
}
