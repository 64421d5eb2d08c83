using Portico.Core.Deploys;
using Portico.Core.Services;
using Portico.Core.Sources;

namespace Portico.ControlPlane.State;

/// <summary>One attempt to put a version of a service live.</summary>
internal sealed class DeployRow
{
    public required string Id { get; init; }

    [DeletedWith(typeof(ServiceRow))]
    public required string ServiceId { get; init; }

    public required DeployStatus Status { get; set; }

    /// <summary>When it entered its <see cref="Status"/>.</summary>
    public required DateTimeOffset StatusSince { get; set; }

    public required DeployTrigger Trigger { get; init; }

    /// <summary>The reason: <c>source changed</c>, <c>new service</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The user who requested it; null if no user did.</summary>
    public Actor? RequestedBy { get; init; }

    /// <summary>Whether it is the service's first deploy.</summary>
    public bool IsFirst { get; init; }

    public DeployBuild Build { get; init; }

    /// <summary>The deploy that this one rolls back to.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>The settings of this deploy, as they were when it was created.</summary>
    public required ServiceSettings Settings { get; set; }

    /// <summary>The directory name of the bare repository under <c>sources</c>; null until a remote one has been fetched.</summary>
    public string? Repository { get; set; }

    /// <summary>The full commit id; null until a remote branch has been looked up.</summary>
    public string? Commit { get; set; }

    /// <summary>The complete message of the commit; null until it has been read.</summary>
    public string? CommitMessage { get; set; }

    public DateTimeOffset? CommitAt { get; set; }

    public string? Branch { get; set; }

    /// <summary>A digest of what in the source affects this service. Equal keys need no new deploy.</summary>
    public string? SourceKey { get; set; }

    /// <summary>The resolved variables; null until then.</summary>
    public Dictionary<string, string>? Environment { get; set; }

    /// <summary>
    /// Whether the variables contain names of the private network. Otherwise they contain ports of this machine, and its revision
    /// runs outside of the private network.
    /// </summary>
    public bool InPrivateNetwork { get; set; }

    /// <summary>The secret files; null if there are none.</summary>
    public Dictionary<string, string>? SecretFiles { get; set; }

    /// <summary>A digest of everything that affects the build. An earlier build with an equal one can be reused.</summary>
    public string? BuildKey { get; set; }

    /// <summary>A digest of settings and variables, to tell whether a new deploy would differ.</summary>
    public string? ConfigKey { get; set; }

    [NotOwned("The engine keeps artifacts; sweeping deletes them.")]
    public string? ArtifactId { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>The newer deploy that replaced this one.</summary>
    public string? SupersededBy { get; set; }

    public DeployFailure? Failure { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int Version { get; set; }

    public void Describe(CommitDescription commit)
    {
        (CommitMessage, CommitAt) = (commit.Message, commit.At);
    }
}
