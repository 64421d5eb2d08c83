using Portico.Core.Deploys;

namespace Portico.Core.Tests.Deploys;

public sealed class DeployTimelineTests
{
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static DateTimeOffset At(int seconds) => Created.AddSeconds(seconds);

    [Fact]
    public void A_deploy_that_went_live_has_the_times_of_all_parts()
    {
        var times = new DeployTimes
        {
            CreatedAt = Created,
            StartedAt = At(2),
            BuildStartedAt = At(2),
            BuildEndedAt = At(43),
            PreDeployStartedAt = At(43),
            PreDeployEndedAt = At(46),
            FinishedAt = At(50),
        };
        Assert.Equal(
            [
                new(DeployPart.Queue, DeployPartState.Succeeded, Created, At(2)),
                new(DeployPart.Build, DeployPartState.Succeeded, At(2), At(43)),
                new(DeployPart.PreDeploy, DeployPartState.Succeeded, At(43), At(46)),
                new(DeployPart.Update, DeployPartState.Succeeded, At(46), At(50)),
            ],
            DeployTimeline.Of(DeployStatus.Live, times, hasPreDeploy: true));
    }

    [Theory]
    [InlineData(DeployStatus.Created, "Queue Running, Build Waiting, Update Waiting")]
    [InlineData(DeployStatus.Queued, "Queue Running, Build Waiting, Update Waiting")]
    [InlineData(DeployStatus.Canceled, "Queue Canceled, Build Skipped, Update Skipped")]
    public void Before_it_starts_only_the_queue_has_begun(DeployStatus status, string parts) =>
        Assert.Equal(parts, Describe(status, new DeployTimes { CreatedAt = Created, IsCanceledBeforeUpdate = true, FinishedAt = status == DeployStatus.Canceled ? At(1) : null }));

    [Fact]
    public void A_source_that_cannot_be_fetched_fails_in_the_queue() => Assert.Equal(
        "Queue Failed, Build Skipped, Update Skipped", Describe(DeployStatus.BuildFailed, new DeployTimes { CreatedAt = Created, StartedAt = At(1), FinishedAt = At(1) }));

    [Theory]
    [InlineData(DeployStatus.BuildInProgress, "Queue Succeeded, Build Running, Update Waiting")]
    [InlineData(DeployStatus.BuildFailed, "Queue Succeeded, Build Failed, Update Skipped")]
    [InlineData(DeployStatus.Canceled, "Queue Succeeded, Build Canceled, Update Skipped")]
    public void A_build_that_has_not_succeeded_is_the_last_part(DeployStatus status, string parts) => Assert.Equal(parts, Describe(
        status, new DeployTimes { CreatedAt = Created, StartedAt = At(1), BuildStartedAt = At(1), IsCanceledBeforeUpdate = status == DeployStatus.Canceled }));

    [Theory]
    [InlineData(DeployStatus.UpdateInProgress, "Queue Succeeded, Build Skipped, Update Running")]
    [InlineData(DeployStatus.UpdateFailed, "Queue Succeeded, Build Skipped, Update Failed")]
    [InlineData(DeployStatus.Canceled, "Queue Succeeded, Build Skipped, Update Canceled")]
    [InlineData(DeployStatus.Deactivated, "Queue Succeeded, Build Skipped, Update Succeeded")]
    public void A_build_that_is_used_again_is_skipped(DeployStatus status, string parts) =>
        Assert.Equal(parts, Describe(status, new DeployTimes { CreatedAt = Created, StartedAt = At(1) }));

    private static string Describe(DeployStatus status, DeployTimes times) =>
        string.Join(", ", DeployTimeline.Of(status, times, hasPreDeploy: false).Select(part => $"{part.Part} {part.State}"));
}
