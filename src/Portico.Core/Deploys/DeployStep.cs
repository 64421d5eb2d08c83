using Portico.Core.Engines;

namespace Portico.Core.Deploys;

/// <summary>The next step of one deploy.</summary>
public abstract record DeployStep
{
    private DeployStep() { }

    /// <param name="Phase">What the deploy waits for, for people.</param>
    public sealed record Wait(string Phase) : DeployStep;

    /// <summary>One repeatable action. The next observation shows its result.</summary>
    public sealed record Act(DeployAction Action) : DeployStep;

    public sealed record Move(DeployStatus To) : DeployStep;

    /// <param name="Step">See <see cref="DeployFailure.Step"/>.</param>
    public sealed record Fail(DeployStatus To, string Step, string Message) : DeployStep
    {
        public FailureCause? Cause { get; init; }
    }
}

public enum DeployAction
{
    FetchSource,

    /// <summary>Resolve the references and store the revision, once per deploy.</summary>
    ResolveRevision,
    StartBuild,
    StartPreDeploy,

    /// <summary>Compress and publish a static site's files.</summary>
    Publish,

    /// <summary>Ask the engine to run the revision.</summary>
    EnsureRevision,

    /// <summary>Point the routes at the revision.</summary>
    SwitchRoutes,
}
