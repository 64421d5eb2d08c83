using Portico.Core.Engines;
using Xunit;

namespace EngineConformance;

/// <summary>The contract of <see cref="IEngine"/>, for every engine.</summary>
public abstract partial class EngineConformanceTests : EngineSuite
{
    [Fact]
    public async Task Ensured_revision_gets_as_many_ready_instances_as_asked()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 2, Token);
        var snapshot = await UntilReadyAsync(revision.Id, 2);
        Assert.All(snapshot.Instances, instance => Assert.NotNull(instance.Address));
        Assert.Equal(2, snapshot.Instances.Select(i => (i.Id, i.Address)).Distinct().Count());
        Assert.All(snapshot.Instances, instance => Assert.Equal(Owner, instance.Owner));
    }

    [Fact]
    public async Task Networks_can_be_set_again_and_again_while_their_workloads_run()
    {
        var network = new NetworkContent { Id = "tea-1", Number = 1, Resolver = "10.201.240.1", Names = new Dictionary<string, string>(), Services = [] };
        await Engine.SetNetworksAsync([], Token);
        await Engine.SetNetworksAsync([network], Token);
        var revision = NewRevision("dep-1", new Behaviour.Serve()) with { Network = new NetworkMembership { Network = network.Id, HostName = "app" } };
        await Engine.EnsureAsync(revision, 1, Token);
        var before = await UntilReadyAsync(revision.Id, 1);
        await Engine.SetNetworksAsync([network], Token);
        Assert.Equal(before.Instances[0].Id, (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id);
    }

    [Fact]
    public async Task Ensuring_twice_changes_nothing()
    {
        var revision = NewRevision("dep-1", new Behaviour.Idle());
        await Engine.EnsureAsync(revision, 1, Token);
        var before = await UntilReadyAsync(revision.Id, 1);
        await Engine.EnsureAsync(revision, 1, Token);
        await Engine.EnsureAsync(revision with { Environment = new Dictionary<string, string>() }, 1, Token);
        Assert.Equal(before.Instances[0].Id, (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id);
        Assert.Equal(before.Instances[0].StartedAt, Engine.Observe().Instances[0].StartedAt);
    }

    [Fact]
    public async Task Scaling_down_ends_the_newest_first()
    {
        var revision = NewRevision("dep-1", new Behaviour.Idle());
        await Engine.EnsureAsync(revision, 1, Token);
        var oldest = (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id;
        await Engine.EnsureAsync(revision, 3, Token);
        await UntilReadyAsync(revision.Id, 3);
        await Engine.EnsureAsync(revision, 1, Token);
        Assert.Equal(oldest, (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id);
    }

    [Fact]
    public async Task Retired_revision_ends_and_is_forgotten()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 2, Token);
        await UntilReadyAsync(revision.Id, 2);
        await Engine.RetireAsync(revision.Id, Token);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.DoesNotContain(revision.Id, (await Engine.ListAsync(Token)).Revisions);
    }

    [Fact]
    public async Task Workload_that_ignores_the_stop_signal_is_killed_after_its_grace()
    {
        var revision = NewRevision("dep-1", new Behaviour.Stubborn()) with { StopGrace = TimeSpan.FromSeconds(1) };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilAsync(s => Of(s, revision.Id).Any(i => i.Status == InstanceStatus.Stopping), "stopping");
        await UntilGoneAsync(revision.Id);
    }

    [Fact]
    public async Task Crashed_instance_is_started_again_and_says_how_it_ended()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 1, Token);
        await CrashAsync((await UntilReadyAsync(revision.Id, 1)).Instances[0]);
        var after = await UntilAsync(
            s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready, Restarts: 1, LastExit: not null }], "ready again after one restart");
        Assert.NotNull(after.Instances[0].LastExit!.Signal);
    }

    [Fact]
    public async Task Exit_carries_code_and_last_lines_and_leads_to_a_pause()
    {
        var revision = NewRevision("dep-1", new Behaviour.Exit(3, "one", "two"));
        await Engine.EnsureAsync(revision, 1, Token);
        var snapshot = await UntilAsync(
            s => Of(s, revision.Id) is [{ Status: InstanceStatus.BackingOff, Restarts: > 0 }], "backing off after a second exit");
        var exit = snapshot.Instances[0].LastExit!;
        Assert.Equal(3, exit.ExitCode);
        Assert.Null(exit.Signal);
        Assert.False(exit.OutOfMemory);
        Assert.Equal(["one", "two"], exit.LastLines.TakeLast(2));
    }

    [Fact]
    public async Task A_command_that_ends_well_at_once_is_an_exit_too()
    {
        var revision = NewRevision("dep-1", new Behaviour.Exit(0));
        await Engine.EnsureAsync(revision, 1, Token);
        var snapshot = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null, Restarts: > 0 }], "an exit");
        Assert.Equal(0, snapshot.Instances[0].LastExit!.ExitCode);
    }

    [Fact]
    public async Task An_instance_too_many_goes_on_until_it_is_released()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 2, Token);
        await UntilReadyAsync(revision.Id, 2);
        await Engine.EnsureAsync(revision, 1, Token);
        var draining = (await UntilAsync(s => Of(s, revision.Id).Any(i => i.Status == InstanceStatus.Draining), "one that drains"))
            .Instances.Single(i => i.Status == InstanceStatus.Draining);
        Assert.NotNull(draining.Address);
        var kept = Of(Engine.Observe(), revision.Id).Single(i => i.Status == InstanceStatus.Ready);

        // Only what drains is let go.
        await Engine.ReleaseAsync(kept.Id, Token);
        await Engine.ReleaseAsync(new InstanceId($"{Owner}-other"), Token);
        await RestartEngineAsync();
        await Engine.EnsureAsync(revision, 1, Token);
        Assert.Equal(draining.ProcessId, Of(Engine.Observe(), revision.Id).Single(i => i.Status == InstanceStatus.Draining).ProcessId);

        await Engine.ReleaseAsync(draining.Id, Token);
        await Engine.ReleaseAsync(draining.Id, Token);
        Assert.Equal(kept.Id, (await UntilReadyAsync(revision.Id, 1)).Instances.Single().Id);
    }

    [Fact]
    public async Task Restart_replaces_every_instance_and_the_same_token_does_it_once()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 2, Token);
        var before = (await UntilReadyAsync(revision.Id, 2)).Instances.Select(i => i.Id).ToHashSet();
        var fewestReady = 2;
        await Engine.RestartAsync(revision.Id, "evt-1", Token);
        var after = await UntilAsync(
            s =>
            {
                ReleaseDraining(s);
                fewestReady = Math.Min(fewestReady, Of(s, revision.Id).Count(i => i.Status == InstanceStatus.Ready));
                return Of(s, revision.Id) is { Count: 2 } two && two.All(i => i.Status == InstanceStatus.Ready && !before.Contains(i.Id));
            },
            "two new instances");
        Assert.Equal(2, fewestReady);
        await Engine.RestartAsync(revision.Id, "evt-1", Token);
        await Engine.EnsureAsync(revision, 2, Token);
        Assert.Equal(after.Instances.Select(i => i.Id), (await UntilReadyAsync(revision.Id, 2)).Instances.Select(i => i.Id));
    }

    [Fact]
    public async Task Successor_on_the_same_disk_starts_after_its_predecessor_has_ended()
    {
        var first = NewRevision("dep-1", new Behaviour.Idle()) with { Disk = new DiskMount("dsk-1", null) };
        var second = first with { Id = new RevisionId("dep-2") };
        await Engine.EnsureAsync(first, 1, Token);
        await UntilReadyAsync(first.Id, 1);
        await Engine.EnsureAsync(second, 1, Token);
        var together = false;
        await UntilAsync(
            s =>
            {
                together |= Of(s, first.Id).Count > 0 && Of(s, second.Id).Count > 0;
                return Of(s, second.Id) is [{ Status: InstanceStatus.Ready }];
            },
            "the successor ready");
        Assert.False(together);
    }

    [Fact]
    public async Task After_a_death_of_the_engine_what_runs_is_found_again_unchanged()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 2, Token);
        var before = await UntilReadyAsync(revision.Id, 2);
        await RestartEngineAsync();
        Assert.Equal(Identities(before), Identities(Engine.Observe()));
        await Engine.EnsureAsync(revision, 2, Token);
        Assert.Equal(Identities(before), Identities(await UntilReadyAsync(revision.Id, 2)));
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);

        static IEnumerable<object?> Identities(EngineSnapshot s) => [.. s.Instances.Select(i => (i.Id, i.ProcessId, i.Address, i.Status))];
    }

    [Fact]
    public async Task After_a_death_of_the_engine_nothing_is_started_that_nobody_asked_for_again()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await RestartEngineAsync();
        await CrashAsync(Engine.Observe().Instances[0]);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.BackingOff }], "backing off");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready, Restarts: 1 }], "ready again");
    }

    [Fact]
    public async Task Artifact_of_a_revision_is_not_deleted()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0));
        await Engine.StartBuildAsync(build, Token);
        var artifact = Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id)).Artifact!.Value;
        var revision = NewRevision("dep-1", new Behaviour.Idle()) with { Artifact = artifact };
        await Engine.EnsureAsync(revision, 1, Token);
        await Engine.DeleteRunAsync(build.Id, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.ExportAsync(artifact, "", NewPath(), Token);
    }

    [Fact]
    public async Task Logs_are_read_by_instance_and_owner_with_a_tail()
    {
        var revision = NewRevision("dep-1", new Behaviour.Print("one", "two", "three"));
        await Engine.EnsureAsync(revision, 1, Token);
        var id = (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id;
        Assert.Equal(["two", "three"], await ReadAsync(new LogQuery { Instance = id, Tail = 2 }));
        Assert.Equal(["one", "two", "three"], (await ReadAsync(new LogQuery { Owner = Owner })).TakeLast(3));
        Assert.Equal(["three"], await ReadAsync(new LogQuery { Owner = Owner, Tail = 1 }));
        Assert.Empty(await ReadAsync(new LogQuery { Owner = "srv-unknown" }));
    }

    [Fact]
    public async Task Logs_are_listed_and_read_in_pieces_to_their_end()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0, "built"));
        await Engine.StartBuildAsync(build, Token);
        await UntilOverAsync(build.Id);
        var revision = NewRevision("dep-1", new Behaviour.Print("one", "two"));
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0].Id;
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        await RestartEngineAsync();
        var sources = Engine.ListLogs();
        Assert.All(sources, source => Assert.Equal(Owner, source.Owner));
        Assert.Equal(["built"], (await PiecesAsync(sources.Single(source => source.Writer == "dep-1"))).Intersect(["built"]));
        Assert.Equal(["one", "two"], (await PiecesAsync(sources.Single(source => source.Writer == instance.Value))).Intersect(["one", "two"]));
        Assert.All(sources, source => Assert.True(source.Ended));
        await Engine.DeleteOwnerAsync(Owner, Token);
        Assert.Empty(Engine.ListLogs());
    }

    [Fact]
    public async Task Following_an_owner_goes_on_with_new_instances()
    {
        await Engine.EnsureAsync(NewRevision("dep-1", new Behaviour.Print("first")), 1, Token);
        await using var lines = Engine.ReadLogsAsync(new LogQuery { Owner = Owner, Follow = true }, Token).GetAsyncEnumerator(Token);
        await UntilLineAsync(lines, "first");
        await Engine.EnsureAsync(NewRevision("dep-2", new Behaviour.Print("second")), 1, Token);
        await UntilLineAsync(lines, "second");
    }

    [Fact]
    public async Task Following_a_run_ends_with_it()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0, "done"));
        await Engine.StartBuildAsync(build, Token);
        Assert.Contains("done", await ReadAsync(new LogQuery { Run = build.Id, Follow = true }));
    }

    [Fact]
    public async Task Deleted_owner_leaves_nothing()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0));
        await Engine.StartBuildAsync(build, Token);
        var artifact = Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id)).Artifact!.Value;
        await Engine.EnsureAsync(
            NewRevision("dep-1", new Behaviour.Print("hello")) with { Artifact = artifact, Disk = new DiskMount("dsk-1", null) }, 1, Token);
        await UntilReadyAsync(new RevisionId("dep-1"), 1);
        await Engine.DeleteOwnerAsync(Owner, Token);
        await Engine.DeleteOwnerAsync(Owner, Token);
        Assert.Empty(Engine.Observe().Instances);
        var left = await Engine.ListAsync(Token);
        Assert.Empty(left.Owners);
        Assert.Empty(left.Revisions);
        Assert.Empty(left.Runs);
        Assert.Empty(await ReadAsync(new LogQuery { Owner = Owner }));
    }

    [Fact]
    public async Task A_disk_goes_when_no_revision_has_it_any_more()
    {
        await Engine.EnsureAsync(NewRevision("dep-1", new Behaviour.Print("hello")) with { Disk = new DiskMount("dsk-1", null) }, 1, Token);
        await UntilReadyAsync(new RevisionId("dep-1"), 1);
        Assert.False(await Engine.DeleteDiskAsync("dsk-1", Token));
        Assert.NotNull(await Engine.MeasureDiskAsync("dsk-1", Token));

        await Engine.RetireAsync(new RevisionId("dep-1"), Token);
        await UntilGoneAsync(new RevisionId("dep-1"));
        Assert.True(await Engine.DeleteDiskAsync("dsk-1", Token));
        Assert.True(await Engine.DeleteDiskAsync("dsk-1", Token));
        Assert.Null(await Engine.MeasureDiskAsync("dsk-1", Token));
    }

    private static async Task UntilLineAsync(IAsyncEnumerator<LogLine> lines, string text)
    {
        while (await lines.MoveNextAsync())
            if (lines.Current.Text == text)
                return;
        Assert.Fail($"The log ended before the line '{text}'.");
    }
}
