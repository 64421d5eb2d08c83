using System.Diagnostics;
using EngineConformance;
using Portico.Core.Engines;
using Portico.Testing;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests;

/// <summary>The engine's process really dies, by SIGKILL, in the middle of its work.</summary>
public sealed class EngineDeathTests : ProcessEngineTest
{
    [Fact]
    public async Task Instances_and_builds_outlive_a_killed_engine_process()
    {
        var build = await BuildOf("dep-b", "sleep 1; echo built");
        await Engine.DisposeAsync();
        using var host = EngineHost.Start(Fixture.Home, build.RepositoryPath, build.Commit);
        var pids = (await EngineHost.ReadPidsAsync(host, Token)).Order().ToList();
        await Eventually.TrueAsync(() => EngineHost.Attached.All(IsRunning), "attached commands run");
        host.Kill();
        await host.WaitForExitAsync(Token);
        // What is attached needs no next engine to end.
        await Eventually.TrueAsync(() => !EngineHost.Attached.Any(IsRunning) && !IsRunning("infinity"), "attached commands have ended");
        Assert.All(pids, pid => Assert.True(IsAlive(pid)));

        await RestartEngineAsync();
        var revision = NewRevision("dep-1", new Behaviour.Serve());
        Assert.Equal(pids, Engine.Observe().Instances.Select(i => i.ProcessId!.Value).Order());
        Assert.All(Engine.Observe().Instances, i => Assert.Equal(InstanceStatus.Ready, i.Status));
        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
        Assert.Contains("built", await RunLogAsync("dep-b"));
        await Engine.EnsureAsync(revision, 2, Token);
        await CrashAsync(Engine.Observe().Instances[0]);
        await UntilAsync(s => s.Instances.Any(i => i is { Restarts: 1, Status: InstanceStatus.Ready, LastExit.Signal: Native.Libc.SigKill }), "repaired");
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.All(pids, pid => Assert.False(IsAlive(pid)));
    }

    [Fact]
    public async Task Run_whose_witness_died_too_is_unknown()
    {
        var build = await BuildOf("dep-b", "sleep 1; exit 0");
        await Engine.StartBuildAsync(build, Token);
        var pidFile = Path.Combine(Fixture.Home, "runs", "dep-b", "pid.1");
        await Eventually.TrueAsync(() => File.Exists(pidFile), "the build runs");
        var main = Native.ProcStat.Parse((await File.ReadAllLinesAsync(pidFile, Token))[0])!.Value;
        await Engine.DisposeAsync();
        Native.Libc.Kill(main.Parent, Native.Libc.SigKill);
        await Eventually.TrueAsync(() => !IsAlive(main.Pid), "the build has ended");
        await RestartEngineAsync();
        Assert.IsType<RunState.Unknown>(await UntilOverAsync(build.Id));
    }

    [Fact]
    public async Task Kill_that_was_decided_and_not_done_is_done_by_the_next_engine()
    {
        var revision = NewRevision("dep-1", new Behaviour.Stubborn()) with { StopGrace = TimeSpan.FromSeconds(1) };
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await Engine.RetireAsync(revision.Id, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Stopping }], "stopping");
        await Engine.DisposeAsync();
        var record = Path.Combine(Fixture.Home, "instances", instance.Id.Value, "record.json");
        var text = await File.ReadAllTextAsync(record, Token);
        await File.WriteAllTextAsync(record, text.Replace("\"Killed\":false", "\"Killed\":true", StringComparison.Ordinal), Token);
        await RestartEngineAsync();
        await UntilGoneAsync(revision.Id);
        Assert.False(IsAlive(instance.ProcessId!.Value));
    }

    [Fact]
    public async Task Artifact_that_nobody_knows_any_more_is_swept()
    {
        var build = await BuildOf("dep-1", "true");
        await RunAsync(build);
        await Engine.DisposeAsync();
        Directory.CreateDirectory(Path.Combine(Fixture.Home, "artifacts", "dep-0"));
        await RestartEngineAsync();
        Assert.Equal(["dep-1"], Directory.GetDirectories(Path.Combine(Fixture.Home, "artifacts")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Second_engine_on_the_same_home_is_refused()
    {
        var error = await Assert.ThrowsAsync<EngineStartException>(() => Fixture.StartAsync());
        Assert.Contains("Another engine", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_of_a_dead_process_is_not_mistaken_for_a_live_one()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await Engine.DisposeAsync();
        // The record now names a process that lives and is not ours.
        using var stranger = OsProcess.Start(new ProcessStartInfo("sleep", ["300"]))!;
        var record = Path.Combine(Fixture.Home, "instances", instance.Id.Value, "pid.1");
        var lines = await File.ReadAllLinesAsync(record, Token);
        Native.Libc.Kill(instance.ProcessId!.Value, Native.Libc.SigKill);
        await Eventually.TrueAsync(() => !IsAlive(instance.ProcessId.Value), "the workload has ended");
        lines[0] = stranger.Id + lines[0][lines[0].IndexOf(' ', StringComparison.Ordinal)..];
        await File.WriteAllLinesAsync(record, lines, Token);
        await RestartEngineAsync();
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.BackingOff }], "seen as ended");
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.False(stranger.HasExited);
        stranger.Kill();
        await stranger.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task Process_that_has_the_number_of_one_from_before_the_machine_started_again_is_left_alone()
    {
        var server = NewRevision("dep-1", new Behaviour.Serve());
        await Engine.EnsureAsync(server, 1, Token);
        var instance = (await UntilReadyAsync(server.Id, 1)).Instances[0];
        var build = await BuildOf("dep-b", "sleep 300");
        await Engine.StartBuildAsync(build, Token);
        var ofBuild = Path.Combine(Fixture.Home, "runs", "dep-b", "pid.1");
        await Eventually.TrueAsync(() => File.Exists(ofBuild), "the build runs");
        await Engine.DisposeAsync();
        await PowerCutAsync();
        // All about them is as it was written down, but of an earlier start of the machine.
        using var stranger = OsProcess.Start(new ProcessStartInfo("setsid", ["sleep", "300"]))!;
        foreach (var file in (string[])[Path.Combine(Fixture.Home, "instances", instance.Id.Value, "pid.1"), ofBuild])
            await File.WriteAllLinesAsync(file, [await File.ReadAllTextAsync($"/proc/{stranger.Id}/stat", Token), "00000000-0000-0000-0000-000000000000"], Token);

        await RestartEngineAsync();

        Assert.DoesNotContain(Engine.Observe().Instances, i => i.Status == InstanceStatus.Ready || i.Address is not null || i.ProcessId == stranger.Id);
        Assert.IsType<RunState.Unknown>(await UntilOverAsync(build.Id));
        await Engine.EnsureAsync(server, 1, Token);
        await UntilAsync(s => Of(s, server.Id) is [{ Status: InstanceStatus.Ready, Restarts: 1 } back] && back.ProcessId != stranger.Id, "started again");
        await Engine.RetireAsync(server.Id, Token);
        await UntilGoneAsync(server.Id);
        Assert.False(stranger.HasExited);
        stranger.Kill();
        await stranger.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task Record_that_the_loss_of_power_left_empty_leaves_nothing_behind()
    {
        await Engine.DisposeAsync();
        var instances = Path.Combine(Fixture.Home, "instances");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(instances, "srv-1-abcde")).FullName, "record.json"), "");
        Directory.CreateDirectory(Path.Combine(instances, "srv-1-fghij"));
        await RestartEngineAsync();
        Assert.Empty(Directory.GetDirectories(instances));
    }
}
