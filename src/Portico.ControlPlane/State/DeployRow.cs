using Portico.Core.Deploys;
using Portico.Core.Services;
using Portico.Core.Sources;

namespace Portico.ControlPlane.State;

/// <summary>One attempt to put a version of a service live.</summary>
public sealed class DeployRow
{
    public required string Id { get; init; }

    public required string ServiceId { get; init; }

    public required DeployStatus Status { get; set; }

    /// <summary>When it entered <see cref="Status"/>.</summary>
    public required DateTimeOffset StatusSince { get; set; }

    public required DeployTrigger Trigger { get; init; }

    /// <summary>Why, in words: <c>source changed</c>, <c>new service</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>Null where nobody asked.</summary>
    public Actor? RequestedBy { get; init; }

    /// <summary>The service had none before.</summary>
    public bool IsFirst { get; init; }

    public DeployBuild Build { get; init; }

    /// <summary>The deploy that this one brings back.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>The settings that this deploy puts live, as they were when it was made.</summary>
    public required ServiceSettings Settings { get; init; }

    /// <summary>The bare repository under <c>sources</c>, by directory name; null until a remote one is fetched.</summary>
    public string? Repository { get; set; }

    /// <summary>A full commit id; null until a remote branch is looked up.</summary>
    public string? Commit { get; set; }

    /// <summary>The commit's whole message; null until it has been read.</summary>
    public string? CommitMessage { get; set; }

    public DateTimeOffset? CommitAt { get; set; }

    public string? Branch { get; init; }

    /// <summary>What of the source concerns this service: equal keys need no new deploy.</summary>
    public string? SourceKey { get; set; }

    /// <summary>Resolved variables; null until then.</summary>
    public Dictionary<string, string>? Environment { get; set; }

    /// <summary>The secret files that it is given, with its variables; null when there are none.</summary>
    public Dictionary<string, string>? SecretFiles { get; set; }

    /// <summary>A digest of all that goes into the build: an equal one before lends its artifact.</summary>
    public string? BuildKey { get; set; }

    /// <summary>A digest of settings and variables, to see whether a new deploy would differ.</summary>
    public string? ConfigKey { get; set; }

    public string? ArtifactId { get; set; }

    public bool CancelRequested { get; set; }

    /// <summary>The newer deploy because of which it was cancelled.</summary>
    public string? SupersededBy { get; set; }

    public DeployFailure? Failure { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int Version { get; set; }

    public void Describe(CommitDescription commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        (CommitMessage, CommitAt) = (commit.Message, commit.At);
    }
}
