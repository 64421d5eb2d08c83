using System.Collections.Concurrent;
using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Hosting.Loops;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>What fails for one instance or run is its own: all others start, restart, drain, stop and are measured.</summary>
public sealed class FailureIsolationTests : ProcessEngineTest
{
    private const string Other = "srv-another0123456789abc";

    /// <summary>What fails before an instance is ready; everything else fails only after that.</summary>
    private static readonly EngineAction[] FromTheBeginning =
        [EngineAction.Create, EngineAction.Start, EngineAction.Save, EngineAction.Follow, EngineAction.Check, EngineAction.LimitCpu];

    private readonly ConcurrentDictionary<(EngineAction Action, string Id), Exception> _faults = new();
    private EngineAction? _broken;
    private IOException? _full;

    /// <summary>After several failures an action waits a while before its next attempt.</summary>
    protected override TimeSpan Patience => TimeSpan.FromSeconds(60);

    private protected override ProcessEngineOptions Options => base.Options with
    {
        BeforeAction = (action, id) =>
        {
            // Instances and logs have their owner in their name.
            if (action == _broken && (id == "dep-bad" || id.StartsWith(Owner, StringComparison.Ordinal)))
                throw new NotSupportedException($"{action} is broken");
            if (action == EngineAction.Start && _full is not null)
                throw _full;
            if (_faults.TryGetValue((action, id), out var fault))
                throw fault;
        },
    };

    public static TheoryData<string> Actions => [.. Enum.GetNames<EngineAction>().Except([nameof(EngineAction.CheckLimits)])];

    private IEnumerable<FailingItem> Failing => Fixture.Loops.Read().SelectMany(loop => loop.Items);

    /// <summary>One action fails for ever for one owner. Another owner deploys, crashes, restarts, scales down and is removed.</summary>
    [Theory]
    [MemberData(nameof(Actions))]
    public async Task Action_that_fails_for_ever_for_one_owner_holds_up_no_other(string name)
    {
        var action = Enum.Parse<EngineAction>(name);
        var bad = ShellServer("dep-bad", action == EngineAction.Kill ? $"trap '' TERM; {Script.Serve}" : Script.Serve) with { StopGrace = TimeSpan.FromSeconds(1) };
        var good = ShellServer("dep-good", Script.Serve) with { Owner = Other };
        if (FromTheBeginning.Contains(action))
            _broken = action;
        await Engine.EnsureAsync(bad, 2, Token);
        if (action is not (EngineAction.Create or EngineAction.Start or EngineAction.Save or EngineAction.Follow or EngineAction.Check))
            await UntilReadyAsync(bad.Id, 2);
        _broken = action;
        if (action == EngineAction.ReadLog)
            await CrashAsync(Engine.Observe().Instances[0]);
        else if (action == EngineAction.Drain)
            await Engine.EnsureAsync(bad, 1, Token);
        else if (!FromTheBeginning.Contains(action))
            await Engine.RetireAsync(bad.Id, Token);

        await LiveAsync(good);

        Assert.All(Fixture.Loops.Read(), loop => Assert.Null(loop.Message));
        _broken = null;
        await Engine.RetireAsync(bad.Id, Token);
        await UntilGoneAsync(bad.Id);
        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(Fixture.Home, "revisions", "dep-bad.json")), "what failed is done, and forgotten");
    }

    /// <summary>Everything that happens to a service.</summary>
    private async Task LiveAsync(Revision revision)
    {
        await Engine.EnsureAsync(revision, 2, Token);
        await CrashAsync((await UntilReadyAsync(revision.Id, 2)).Instances.First(i => i.Revision == revision.Id));
        await UntilAsync(s => Of(s, revision.Id) is { Count: 2 } all && all.All(i => i.Status == InstanceStatus.Ready) && all.Sum(i => i.Restarts) == 1, "started again");
        Assert.Equal(2, (await Engine.MeasureAsync(Token)).Count(usage => usage.Owner == Other));
        await Engine.RestartAsync(revision.Id, "again", Token);
        await UntilAsync(s => Settled(s, revision.Id, 2) && Of(s, revision.Id).All(i => i.Restarts == 0), "restarted");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Settled(s, revision.Id, 1), "scaled down");
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        await Eventually.TrueAsync(() => !File.Exists(Path.Combine(Fixture.Home, "revisions", revision.Id + ".json")), "removed from the disk");
    }

    private bool Settled(EngineSnapshot snapshot, RevisionId id, int count)
    {
        ReleaseDraining(snapshot);
        return Of(snapshot, id) is { } all && all.Count == count && all.All(i => i.Status == InstanceStatus.Ready);
    }

    [Fact]
    public async Task Start_that_fails_is_retried_until_its_cause_is_gone_while_others_start_restart_and_drain()
    {
        var build = await BuildOf("dep-b", "true");
        await RunAsync(build);
        var artifact = Path.Combine(Fixture.Home, "artifacts", "dep-b");
        Directory.Move(artifact, artifact + ".away");
        var bad = ShellServer("dep-bad", Script.Serve) with { Artifact = new ArtifactId("dep-b") };
        var fine = ShellServer("dep-fine", Script.Serve);
        var later = ShellServer("dep-later", Script.Serve);

        await Engine.EnsureAsync(fine, 1, Token);
        await Engine.EnsureAsync(bad, 1, Token);
        await UntilAsync(s => Of(s, bad.Id) is [{ Status: InstanceStatus.BackingOff, Restarts: > 1 }], "it fails again and again");
        await Engine.EnsureAsync(later, 2, Token);
        await UntilReadyAsync(later.Id, 2);
        await CrashAsync(Of(Engine.Observe(), fine.Id)[0]);
        await UntilAsync(s => Of(s, fine.Id) is [{ Status: InstanceStatus.Ready, Restarts: 1 }], "the one beside it is started again");
        await Engine.EnsureAsync(later, 1, Token);
        await UntilAsync(s => { ReleaseDraining(s); return Of(s, later.Id) is [{ Status: InstanceStatus.Ready }]; }, "the one after it drains");
        var failing = Assert.Single(Failing);
        Assert.Contains("Start", failing.Item, StringComparison.Ordinal);

        Directory.Move(artifact + ".away", artifact);
        await UntilReadyAsync(bad.Id, 1);
        Assert.Empty(Failing);
    }

    [Fact]
    public async Task Launcher_that_cannot_be_used_delays_starts_and_ends_nothing_that_runs()
    {
        var running = ShellServer("dep-1", Script.Serve);
        await Engine.EnsureAsync(running, 1, Token);
        var pid = (await UntilReadyAsync(running.Id, 1)).Instances[0].ProcessId;
        var script = Path.Combine(Fixture.Home, "launch.sh");
        File.Move(script, script + ".away");
        var next = ShellServer("dep-2", Script.Serve);
        await Engine.EnsureAsync(next, 1, Token);
        await UntilAsync(s => Of(s, next.Id) is [{ Status: InstanceStatus.BackingOff }], "it cannot start");

        File.Move(script + ".away", script);

        await UntilReadyAsync(next.Id, 1);
        Assert.Equal(pid, Of(Engine.Observe(), running.Id).Single().ProcessId);
    }

    [Fact]
    public async Task Full_disk_is_no_attempt_of_an_instance()
    {
        const int NoSpaceLeft = 28;
        var full = new IOException("No space left on device", NoSpaceLeft);
        var revision = ShellServer("dep-1", Script.Serve);
        _full = full;
        await Engine.EnsureAsync(revision, 1, Token);
        var waiting = Of(await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.BackingOff }], "it waits"), revision.Id).Single();
        Assert.Equal((0, null), (waiting.Restarts, waiting.LastExit));
        Assert.Equal(0, Assert.Single(Failing).Attempts);

        _full = null;

        await UntilReadyAsync(revision.Id, 1);
        Assert.Empty(Failing);
    }

    [Fact]
    public async Task Result_of_a_build_that_cannot_be_saved_is_known_at_once_and_saved_later()
    {
        var build = await BuildOf("dep-b", "sleep 0.3");
        await Engine.StartBuildAsync(build, Token);
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Fixture.Home, "runs", "dep-b", "pid.1")), "the build runs");
        _faults[(EngineAction.Save, "dep-b")] = new UnauthorizedAccessException("the record cannot be written");

        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
        await Eventually.TrueAsync(() => Failing.Any(item => item.Item.Contains("dep-b", StringComparison.Ordinal)), "it is reported");
        _faults.Clear();
        await Eventually.TrueAsync(() => !Failing.Any(), "it is saved");

        await RestartEngineAsync();
        Assert.IsType<RunState.Succeeded>(await Engine.GetRunAsync(build.Id, Token));
    }

    [Fact]
    public async Task Build_that_cannot_be_followed_for_a_while_is_neither_ended_nor_lost()
    {
        _faults[(EngineAction.Follow, "dep-b")] = new IOException("not now");
        var build = await BuildOf("dep-b", "echo built");
        await Engine.StartBuildAsync(build, Token);
        await Eventually.TrueAsync(() => Failing.Any(), "following fails");
        Assert.IsType<RunState.Running>(await Engine.GetRunAsync(build.Id, Token));

        _faults.Clear();

        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
    }

    [Fact]
    public async Task Damaged_record_keeps_the_engine_from_nothing_else()
    {
        var revision = ShellServer("dep-1", Script.Serve);
        await Engine.EnsureAsync(revision, 1, Token);
        var pid = (await UntilReadyAsync(revision.Id, 1)).Instances[0].ProcessId;
        await Engine.DisposeAsync();
        // A directory cannot be read as a file, not even by root.
        foreach (var record in (string[])["instances/srv-1-abcde/record.json", "runs/dep-x/record.json"])
            Directory.CreateDirectory(Path.Combine(Fixture.Home, record));

        await RestartEngineAsync();

        Assert.Equal(pid, (await UntilReadyAsync(revision.Id, 1)).Instances.Single().ProcessId);
    }
}
