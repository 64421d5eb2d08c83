using Portico.Core.Engines;

namespace Portico.Core.Deploys;

/// <summary>What to do next for one deploy.</summary>
public abstract record DeployStep
{
    private DeployStep() { }

    /// <param name="Phase">What is being waited for, for a person.</param>
    public sealed record Wait(string Phase) : DeployStep;

    /// <summary>One repeatable action. Its outcome shows in the next observation.</summary>
    public sealed record Act(DeployAction Action) : DeployStep;

    public sealed record Move(DeployStatus To) : DeployStep;

    /// <param name="Step">As in <see cref="DeployFailure.Step"/>.</param>
    public sealed record Fail(DeployStatus To, string Step, string Message) : DeployStep
    {
        public FailureCause? Cause { get; init; }
    }
}

public enum DeployAction
{
    FetchSource,

    /// <summary>Fix the revision: resolve references from identities, once per deploy.</summary>
    ResolveRevision,
    StartBuild,
    StartPreDeploy,

    /// <summary>Compress and lay out a static site's files.</summary>
    Publish,

    /// <summary>Have the engine run the revision.</summary>
    EnsureRevision,

    /// <summary>Point the routes at the revision.</summary>
    SwitchRoutes,
}
