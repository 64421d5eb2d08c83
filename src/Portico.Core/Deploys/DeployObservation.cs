using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.Core.Deploys;

/// <summary>The stored state of a deploy.</summary>
public sealed record DeployState
{
    public required DeployStatus Status { get; init; }

    public required ServiceType ServiceType { get; init; }

    /// <summary>When the deploy entered <see cref="Status"/>.</summary>
    public required DateTimeOffset Since { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>Whether its references are resolved and stored.</summary>
    public bool Resolved { get; init; }

    /// <summary>Whether it has an artifact, from its own build or an equal earlier one.</summary>
    public bool HasArtifact { get; init; }

    public bool HasPreDeployCommand { get; init; }

    /// <summary>Whether its build runs a command. Only such builds need a slot.</summary>
    public bool HasBuildCommand { get; init; } = true;

    /// <summary>Whether its service is suspended, so that there is nothing to start.</summary>
    public bool ServiceSuspended { get; init; }

    public required int InstancesWanted { get; init; }
}

/// <summary>What the planner observes around a deploy, at this moment.</summary>
public sealed record DeployWorld
{
    /// <summary>The data stores that it refers to and that are not available yet.</summary>
    public IReadOnlyList<string> MissingDataStores { get; init; } = [];

    /// <summary>Why a data store that it refers to has failed; null when none has.</summary>
    public string? DataStoreProblem { get; init; }

    /// <summary>Whether the commit is in a repository on this machine.</summary>
    public bool SourceReady { get; init; }

    /// <summary>Why the source cannot be fetched; null when it can.</summary>
    public string? SourceProblem { get; init; }

    /// <summary>Whether an older deploy of the same service has started and not finished.</summary>
    public bool PredecessorUnderWay { get; init; }

    public bool BuildSlotFree { get; init; }

    /// <summary>Its place among the deploys that wait for a build slot: 1 is the next. Null when it waits for something else.</summary>
    public int? PlaceInQueue { get; init; }

    public RunState Build { get; init; } = new RunState.Absent();

    public RunState PreDeploy { get; init; } = new RunState.Absent();

    /// <summary>Whether a static site's files are published.</summary>
    public bool Published { get; init; }

    /// <summary>Why they cannot be published; null when they can.</summary>
    public string? PublishProblem { get; init; }

    /// <summary>Whether the engine was asked to run the revision since it and this server started.</summary>
    public bool Ensured { get; init; }

    public IReadOnlyList<InstanceSnapshot> Instances { get; init; } = [];

    /// <summary>Whether the service's routes point to this deploy.</summary>
    public bool Routed { get; init; }

    /// <summary>Whether the edge has confirmed that it serves those routes.</summary>
    public bool RoutesConfirmed { get; init; }
}
