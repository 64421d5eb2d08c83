namespace Portico.ControlPlane.State;

/// <summary>A line of the platform's own in a deploy's log, beside what the build prints. Written in the transaction of what it tells.</summary>
public sealed class DeployNoteRow
{
    /// <summary>Later ones have larger numbers, of all deploys.</summary>
    public long Number { get; init; }

    public required string DeployId { get; init; }

    public required string ServiceId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DeployLogPart Part { get; init; }

    public required string Text { get; init; }
}

/// <summary>Between which outputs a line belongs.</summary>
public enum DeployLogPart
{
    BeforeBuild,
    AfterBuild,
    AfterPreDeploy,
}
