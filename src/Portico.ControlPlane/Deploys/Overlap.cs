using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Which deploys of a service end because it gets a new one. What has not begun always does: only the newest counts. Of what
/// has begun the policy decides. Pure.
/// </summary>
/// <remarks>
/// Render's two policies, https://render.com/docs/deploys#handling-overlapping-deploys. Under <c>Override</c> a service whose
/// commits come faster than its builds end would never get to see any of them: after some that were cut short in a row, one
/// is let finish, as under <c>Wait</c>. Not so when a person asks for a deploy, or for a rollback: they are not kept waiting.
/// </remarks>
public static class Overlap
{
    /// <summary>So many begun deploys are cut short in a row; the next comes to its end.</summary>
    public const int MostInARow = 3;

    /// <param name="before">The service's deploys, newest first.</param>
    public static IEnumerable<DeployRow> Ended(
        OverlappingDeploys policy, DeployTrigger trigger, IReadOnlyList<DeployRow> before)
    {
        var ends = IsAskedFor(trigger) || (policy == OverlappingDeploys.Override && CutShort(before) < MostInARow);
        return before.Where(row => row.Status.IsActive() && !row.CancelRequested && (ends || !HasBegun(row)));
    }

    private static int CutShort(IEnumerable<DeployRow> before) => before
        .Where(row => row.StartedAt is not null && !(row.Status.IsActive() && !row.CancelRequested))
        .TakeWhile(row => row.SupersededBy is not null)
        .Count();

    private static bool HasBegun(DeployRow row) => row.Status is not (DeployStatus.Created or DeployStatus.Queued);

    private static bool IsAskedFor(DeployTrigger trigger) =>
        trigger is DeployTrigger.Manual or DeployTrigger.Api or DeployTrigger.Rollback or DeployTrigger.ServiceResumed;
}
