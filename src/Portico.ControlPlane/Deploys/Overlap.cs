using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Decides which deploys of a service end when it gets a new one. A deploy that has not started always ends, because only
/// the newest counts; for one that has started, the policy decides. Pure.
/// </summary>
/// <remarks>
/// Render's two policies, see https://render.com/docs/deploys#handling-overlapping-deploys. Under <c>Override</c>, a service
/// with commits that arrive faster than its builds finish would never be deployed. After several canceled deploys in a row,
/// one may therefore finish, as under <c>Wait</c>. This does not apply when a user requests a deploy or a rollback: users do
/// not wait.
/// </remarks>
internal static class Overlap
{
    /// <summary>The number of started deploys in a row that are canceled; the next one may finish.</summary>
    public const int MostInARow = 3;

    /// <param name="before">The deploys of the service, newest first.</param>
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
