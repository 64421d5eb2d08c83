using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>What somebody wants deployed, and why.</summary>
/// <param name="Reason">In words, for <c>portico up</c> and the service's history.</param>
public sealed record DeployOrder(DeployTrigger Trigger, string Reason)
{
    /// <summary>Null: what the newest deploy has.</summary>
    public OfferedSource? Source { get; init; }

    public DeployBuild Build { get; init; }

    /// <summary>Null where nobody asks.</summary>
    public Actor? RequestedBy { get; init; }
}

/// <param name="Repository">Null, with the commit, while a remote one has not been looked at.</param>
public sealed record OfferedSource(string? Repository, string? Commit);
