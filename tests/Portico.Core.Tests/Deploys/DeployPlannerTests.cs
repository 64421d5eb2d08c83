using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.Core.Tests.Deploys;

public sealed class DeployPlannerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DeployPlanner _planner = new(TimeSpan.FromMinutes(15));

    [Fact]
    public void Waits_for_the_databases_that_it_refers_to() =>
        Assert.Equal("waiting for db, cache", Assert.IsType<DeployStep.Wait>(
            Next(DeployStatus.Queued, new DeployWorld { MissingDataStores = ["db", "cache"] })).Phase);

    [Fact]
    public void Does_not_wait_for_a_database_that_has_failed() =>
        Assert.Equal(new DeployStep.Fail(DeployStatus.BuildFailed, "data store", "It needs 'db', which failed."), Next(
            DeployStatus.Queued, new DeployWorld { MissingDataStores = ["db"], DataStoreProblem = "It needs 'db', which failed." }));

    [Fact]
    public void Builds_only_in_a_free_slot()
    {
        var ready = new DeployWorld { SourceReady = true };
        Assert.IsType<DeployStep.Wait>(Next(DeployStatus.Queued, ready, resolved: true));
        Assert.Equal(new DeployStep.Move(DeployStatus.BuildInProgress), Next(DeployStatus.Queued, ready with { BuildSlotFree = true }, resolved: true));
    }

    [Fact]
    public void An_equal_artifact_makes_a_build_unnecessary() =>
        Assert.Equal(new DeployStep.Move(DeployStatus.UpdateInProgress),
            _planner.Next(State(DeployStatus.Queued) with { Resolved = true, HasArtifact = true }, new DeployWorld { SourceReady = true }, Now));

    [Fact]
    public void A_build_that_nobody_saw_end_is_done_again() =>
        Assert.Equal(new DeployStep.Act(DeployAction.StartBuild), Next(DeployStatus.BuildInProgress, new DeployWorld { Build = new RunState.Unknown() }));

    [Fact]
    public void What_ended_with_the_platform_is_no_failure_of_the_build_and_a_named_one_of_the_pre_deploy_command()
    {
        var canceled = new RunState.Failed("Canceled.", null) { IsCanceled = true };
        Assert.Equal(new DeployStep.Act(DeployAction.StartBuild), Next(DeployStatus.BuildInProgress, new DeployWorld { Build = canceled }));
        Assert.Contains("Portico was stopped", Assert.IsType<DeployStep.Fail>(
            Next(DeployStatus.PreDeployInProgress, new DeployWorld { PreDeploy = canceled })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pre_deploy_command_that_nobody_saw_end_is_not_done_again() =>
        Assert.Equal(DeployStatus.PreDeployFailed, Assert.IsType<DeployStep.Fail>(
            Next(DeployStatus.PreDeployInProgress, new DeployWorld { PreDeploy = new RunState.Unknown() })).To);

    [Fact]
    public void Traffic_moves_only_when_every_instance_is_ready()
    {
        var one = new DeployWorld { Ensured = true, Instances = [Instance(InstanceStatus.Ready), Instance(InstanceStatus.Starting)] };
        Assert.Equal("starting (1 of 2 ready)", Assert.IsType<DeployStep.Wait>(Next(DeployStatus.UpdateInProgress, one, instances: 2)).Phase);
        var both = one with { Instances = [Instance(InstanceStatus.Ready), Instance(InstanceStatus.Ready)] };
        Assert.Equal(new DeployStep.Act(DeployAction.SwitchRoutes), Next(DeployStatus.UpdateInProgress, both, instances: 2));
    }

    [Fact]
    public void It_is_live_when_the_edge_says_so_and_not_before()
    {
        var routed = new DeployWorld { Ensured = true, Routed = true };
        Assert.IsType<DeployStep.Wait>(Next(DeployStatus.UpdateInProgress, routed));
        Assert.Equal(new DeployStep.Move(DeployStatus.Live), Next(DeployStatus.UpdateInProgress, routed with { RoutesConfirmed = true }));
    }

    [Fact]
    public void An_app_that_keeps_exiting_fails_at_once_with_its_code()
    {
        var exit = new InstanceExit(Now, 1, null, false, []);
        var world = new DeployWorld
        {
            Ensured = true,
            Instances = [Instance(InstanceStatus.BackingOff) with { LastExit = exit, Restarts = DeployPlanner.ExitsBeforeGivingUp }],
        };
        Assert.Contains("exited with code 1", Assert.IsType<DeployStep.Fail>(Next(DeployStatus.UpdateInProgress, world)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_opens_no_port_fails_when_its_time_is_over()
    {
        var world = new DeployWorld { Ensured = true, Instances = [Instance(InstanceStatus.Starting)] };
        Assert.IsType<DeployStep.Wait>(_planner.Next(State(DeployStatus.UpdateInProgress), world, Now.AddMinutes(14)));
        var failed = Assert.IsType<DeployStep.Fail>(_planner.Next(State(DeployStatus.UpdateInProgress), world, Now.AddMinutes(15)));
        Assert.Contains("No open port was detected within 15 minutes", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancel_is_obeyed_until_traffic_has_moved()
    {
        var state = State(DeployStatus.UpdateInProgress) with { CancelRequested = true };
        Assert.Equal(new DeployStep.Move(DeployStatus.Canceled), _planner.Next(state, new DeployWorld(), Now));
        Assert.Equal(new DeployStep.Move(DeployStatus.Live), _planner.Next(state, new DeployWorld { Routed = true, RoutesConfirmed = true }, Now));
    }

    [Fact]
    public void Every_step_that_a_planner_takes_is_a_legal_move()
    {
        DeployWorld[] worlds =
        [
            new(), new() { SourceReady = true, BuildSlotFree = true }, new() { SourceProblem = "gone" },
            new() { Build = new RunState.Succeeded(null), PreDeploy = new RunState.Succeeded(null) },
            new() { Build = new RunState.Failed("no", 1), PreDeploy = new RunState.Failed("no", 1) },
            new() { Routed = true, RoutesConfirmed = true }, new() { Published = true }, new() { PublishProblem = "missing" },
        ];
        foreach (var status in Enum.GetValues<DeployStatus>())
            foreach (var type in Enum.GetValues<ServiceType>())
                foreach (var world in worlds)
                    foreach (var cancel in (bool[])[false, true])
                        AssertLegal(status, _planner.Next(
                            State(status) with { ServiceType = type, CancelRequested = cancel, Resolved = true }, world, Now.AddHours(1)));
    }

    private static void AssertLegal(DeployStatus from, DeployStep step)
    {
        var to = step switch
        {
            DeployStep.Move move => move.To,
            DeployStep.Fail fail => fail.To,
            _ => (DeployStatus?)null,
        };
        if (to is { } wanted)
            DeployStatuses.RequireMove(from, wanted);
    }

    private DeployStep Next(DeployStatus status, DeployWorld world, bool resolved = false, int instances = 1) =>
        _planner.Next(State(status) with { Resolved = resolved, InstancesWanted = instances }, world, Now);

    private static DeployState State(DeployStatus status) => new()
    {
        Status = status,
        ServiceType = ServiceType.WebService,
        Since = Now,
        InstancesWanted = 1,
    };

    private static InstanceSnapshot Instance(InstanceStatus status) => new()
    {
        Id = new InstanceId("srv-1-aaaaa"),
        Revision = new RevisionId("dep-1"),
        Owner = "srv-1",
        Status = status,
        StartedAt = Now,
    };
}
