using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Deploys;

/// <summary>Whether a service is deployed, and why or why not.</summary>
/// <param name="Deploy">The new deploy's id; null where there is none.</param>
/// <param name="Reason">In words, for a person.</param>
/// <param name="IsWaiting">Not yet: for the commit's checks.</param>
public sealed record DeployDecision(string ServiceId, string Service, string? Deploy, string Reason, bool IsWaiting = false);

/// <summary>What makes somebody look whether services need a deploy.</summary>
/// <param name="IsPush">A commit arrived: only services that follow their branch are deployed, and only for what concerns them.</param>
/// <param name="Checks">Of the commit; null where no service wants to know.</param>
/// <param name="OfferedAlone">Services to which nothing is offered are left alone, whatever their configuration.</param>
public sealed record DeployCause(bool IsPush = false, bool OfferedAlone = false, Actor? By = null, CommitChecks? Checks = null)
{
    public static DeployCause ByHand { get; } = new();
}
