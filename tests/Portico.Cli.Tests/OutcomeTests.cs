using Portico.Api.Contracts.Platform;
using Portico.Cli.Tests.Support;
using Portico.Cli.Up;

namespace Portico.Cli.Tests;

public sealed class OutcomeTests
{
    private static readonly TimeSpan Long = Outcome.StuckAfter + TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("live", "live", false, "Live")]
    [InlineData("live", "deactivated", false, "Live")]
    [InlineData("live", "build_in_progress", false, "Waiting")]
    [InlineData("deploying", "update_in_progress", true, "Waiting")]
    [InlineData("live", "build_failed", false, "Failed")]
    [InlineData("live", "canceled", false, "Failed")]
    [InlineData("failed", "update_failed", false, "Failed")]
    [InlineData("failed", "queued", true, "Waiting")]
    [InlineData("unhealthy", "live", false, "Waiting")]
    [InlineData("unhealthy", "live", true, "Failed")]
    [InlineData("suspended", "live", false, "Failed")]
    [InlineData("asleep", "live", false, "Live")]
    [InlineData("not_deployed", "created", true, "Waiting")]
    public void A_service_has_arrived_or_will_or_will_not(string status, string deploy, bool isOld, string expected) =>
        Assert.Equal(expected, Outcome.Of(Given.Service("api", status, deploy), isOld ? Long : TimeSpan.Zero).Kind.ToString());

    [Theory]
    [InlineData("available", false, "Live")]
    [InlineData("creating", true, "Waiting")]
    [InlineData("unavailable", false, "Waiting")]
    [InlineData("unavailable", true, "Failed")]
    [InlineData("failed", false, "Failed")]
    public void So_has_a_data_store(string status, bool isOld, string expected) =>
        Assert.Equal(expected, Outcome.Of(Given.Database("db", status), isOld ? Long : TimeSpan.Zero).Kind.ToString());

    [Fact]
    public void What_nobody_deploys_or_lists_is_not_waited_for_for_ever()
    {
        var idle = Given.Service("api", "not_deployed") with { Deploy = null };
        Assert.Equal(OutcomeKind.Waiting, Outcome.Of(idle, TimeSpan.Zero).Kind);
        Assert.Equal(OutcomeKind.Failed, Outcome.Of(idle, Long).Kind);
        var waiting = idle with { Progress = new ResourceProgress("waiting for db", DateTimeOffset.UnixEpoch, null) };
        Assert.Equal(OutcomeKind.Waiting, Outcome.Of(waiting, Long).Kind);
        Assert.Equal(OutcomeKind.Waiting, Outcome.Of(null, TimeSpan.Zero).Kind);
        Assert.Equal(OutcomeKind.Failed, Outcome.Of(null, Long).Kind);
    }

    [Theory]
    [InlineData("live", "build_failed", 1, "Failed")]
    [InlineData("failed", "update_failed", 1, "Failed")]
    [InlineData("live", "build_failed", -1, "Live")]
    [InlineData("live", "canceled", 1, "Live")]
    [InlineData("live", "live", 1, "Live")]
    public void Start_reports_a_deploy_that_it_resumed_and_that_failed(string status, string deploy, int finished, string expected)
    {
        var begun = DateTimeOffset.UnixEpoch.AddDays(1);
        var service = Given.Service("api", status, deploy);
        service = service with { Deploy = service.Deploy! with { FinishedAt = begun.AddSeconds(finished) } };
        Assert.Equal(expected, Outcome.OfStart(service, TimeSpan.Zero, begun).Kind.ToString());
    }

    [Fact]
    public void Every_failure_says_something()
    {
        foreach (var (status, deploy) in new[] { ("failed", "build_failed"), ("live", "canceled"), ("suspended", "live"), ("failed", "live") })
            Assert.NotEmpty(Outcome.Of(Given.Service("api", status, deploy), Long).Failure!.Message);
    }
}
