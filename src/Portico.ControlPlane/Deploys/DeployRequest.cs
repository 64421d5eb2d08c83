using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Deploys;

/// <summary>What to deploy, and why.</summary>
/// <param name="Reason">The reason, as <c>portico up</c> and the service's history show it.</param>
internal sealed record DeployRequest(DeployTrigger Trigger, string Reason)
{
    /// <summary>The source; null for the source of the newest deploy.</summary>
    public DeploySource? Source { get; init; }

    /// <summary>What is known of the source's commit; null for what earlier deploys of the same commit know.</summary>
    public CommitFact? Fact { get; init; }

    public DeployBuild Build { get; init; }

    /// <summary>The user who requested the deploy; null if no user did.</summary>
    public Actor? RequestedBy { get; init; }
}

/// <param name="Repository">The directory name of the repository. Null, together with the commit, until a remote repository has been fetched.</param>
internal sealed record DeploySource(string? Repository, string? Commit)
{
    /// <summary>The branch that the commit was taken from, where the service itself names none.</summary>
    public string? Branch { get; init; }

    public static DeploySource Of(DeployRow? deploy) => new(deploy?.Repository, deploy?.Commit) { Branch = deploy?.Branch };
}
