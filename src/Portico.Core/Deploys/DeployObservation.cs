using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.Core.Deploys;

/// <summary>A deploy as it is stored.</summary>
public sealed record DeployState
{
    public required DeployStatus Status { get; init; }

    public required ServiceType ServiceType { get; init; }

    /// <summary>When it entered <see cref="Status"/>.</summary>
    public required DateTimeOffset Since { get; init; }

    public bool CancelRequested { get; init; }

    /// <summary>Its references are resolved and stored.</summary>
    public bool Resolved { get; init; }

    /// <summary>It has an artifact, from its own build or an equal one before.</summary>
    public bool HasArtifact { get; init; }

    public bool HasPreDeployCommand { get; init; }

    /// <summary>Its service is suspended: there is nothing to start.</summary>
    public bool ServiceSuspended { get; init; }

    public required int InstancesWanted { get; init; }
}

/// <summary>The world around a deploy, looked at just now.</summary>
public sealed record DeployWorld
{
    /// <summary>Data stores that it refers to and that are not up yet.</summary>
    public IReadOnlyList<string> MissingDataStores { get; init; } = [];

    /// <summary>Why a data store that it refers to cannot come up; null while none has failed.</summary>
    public string? DataStoreProblem { get; init; }

    /// <summary>The commit is in a repository on this machine.</summary>
    public bool SourceReady { get; init; }

    /// <summary>Why the source cannot be had; null while it can.</summary>
    public string? SourceProblem { get; init; }

    /// <summary>An older deploy of the same service has begun and is still to come to its end.</summary>
    public bool PredecessorUnderWay { get; init; }

    public bool BuildSlotFree { get; init; }

    public RunState Build { get; init; } = new RunState.Absent();

    public RunState PreDeploy { get; init; } = new RunState.Absent();

    /// <summary>A static site's files are laid out.</summary>
    public bool Published { get; init; }

    /// <summary>Why they cannot be; null while they can.</summary>
    public string? PublishProblem { get; init; }

    /// <summary>The engine has been asked, since it and this server started, to run the revision.</summary>
    public bool Ensured { get; init; }

    public IReadOnlyList<InstanceSnapshot> Instances { get; init; } = [];

    /// <summary>The service's routes name this deploy.</summary>
    public bool Routed { get; init; }

    /// <summary>The edge has said that it serves those routes.</summary>
    public bool RoutesConfirmed { get; init; }
}
