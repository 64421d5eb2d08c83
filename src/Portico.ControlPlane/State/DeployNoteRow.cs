namespace Portico.ControlPlane.State;

/// <summary>
/// A line of the platform itself in a deploy's log, in addition to the build's output. Written in the transaction of the
/// change that it describes.
/// </summary>
internal sealed class DeployNoteRow
{
    /// <summary>The position. Later lines have larger numbers, across all deploys.</summary>
    public long Number { get; init; }

    [DeletedWith(typeof(DeployRow), IsRecord = true)]
    public required string DeployId { get; init; }

    [DeletedWith(typeof(ServiceRow), IsRecord = true)]
    public required string ServiceId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DeployLogPart Part { get; init; }

    public required string Text { get; init; }
}

/// <summary>The part of the log that a line belongs to.</summary>
internal enum DeployLogPart
{
    BeforeBuild,
    AfterBuild,
    AfterPreDeploy,
}
