using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Deploys;

/// <summary>Whether a service is deployed, and why.</summary>
/// <param name="Deploy">The id of the new deploy; null if there is none.</param>
/// <param name="Reason">The reason, as shown to users.</param>
/// <param name="IsWaiting">Whether the deploy waits for the commit's checks.</param>
internal sealed record DeployDecision(string ServiceId, string Service, string? Deploy, string Reason, bool IsWaiting = false);

/// <summary>Why services are checked for a new deploy.</summary>
/// <param name="IsPush">Whether a commit was pushed: only services that follow its branch are deployed, and only if relevant files changed.</param>
/// <param name="Checks">The checks of the commit; null if no service needs them.</param>
/// <param name="OfferedAlone">Whether to skip services without a new source, even if their configuration changed.</param>
internal sealed record DeployCause(bool IsPush = false, bool OfferedAlone = false, Actor? By = null, CommitChecks? Checks = null)
{
    public static DeployCause ByHand { get; } = new();
}
