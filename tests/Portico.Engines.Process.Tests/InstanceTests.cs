using EngineConformance;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

public sealed class InstanceTests : ProcessEngineTest
{
    [Fact]
    public async Task Process_id_is_that_of_the_command_itself()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        Assert.StartsWith("sleep", await File.ReadAllTextAsync($"/proc/{instance.ProcessId}/cmdline", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_witness_leaves_the_workload_alone_and_its_end_is_still_seen()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        var main = Native.ProcStat.Parse((await File.ReadAllLinesAsync(Path.Combine(Fixture.Home, "instances", instance.Id.Value, "pid.1"), Token))[0])!.Value;
        var witness = main.Parent;
        Native.Libc.Kill(witness, Native.Libc.SigKill);
        await Eventually.TrueAsync(() => Native.ProcStat.Read(witness) is null, "the witness is reaped");
        Assert.True(IsAlive(instance.ProcessId!.Value));
        await CrashAsync(instance);
        var after = await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: 1, Status: InstanceStatus.Ready }], "started again");
        Assert.Null(after.Instances[0].LastExit!.ExitCode);
        Assert.Null(after.Instances[0].LastExit!.Signal);
    }

    [Fact]
    public async Task Exit_while_no_engine_ran_is_learnt_afterwards()
    {
        var revision = Shell("dep-1", "echo last words; sleep 1.5; exit 9");
        await Engine.EnsureAsync(revision, 1, Token);
        var pid = (await UntilReadyAsync(revision.Id, 1)).Instances[0].ProcessId!.Value;
        await Engine.DisposeAsync();
        await Eventually.TrueAsync(() => !IsAlive(pid), "the workload has ended");
        await RestartEngineAsync();
        var instance = (await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.BackingOff }], "backing off")).Instances[0];
        Assert.Equal(9, instance.LastExit!.ExitCode);
        Assert.Contains("last words", instance.LastExit.LastLines);
    }

    [Fact]
    public async Task Server_under_a_shell_finishes_its_work_when_it_is_asked_to_stop()
    {
        // The shell ends at once; what it started needs a moment.
        var revision = Shell("dep-1", "sh -c \"trap 'sleep 0.5; touch ~/done; exit' TERM; while :; do sleep 0.1; done\"; true");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.True(File.Exists(Path.Combine(RunHome, "done")));
    }

    [Fact]
    public async Task Processes_that_left_their_group_and_session_end_with_the_instance()
    {
        var revision = Shell("dep-1", "setsid sh -c 'trap \"\" TERM; while :; do sleep 300.125; done' & exec sleep 300") with
        {
            StopGrace = TimeSpan.FromSeconds(1),
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Eventually.TrueAsync(() => IsRunning("300.125"), "it runs");
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.False(IsRunning("300.125"));
    }

    [Fact]
    public async Task Interrupt_reaches_the_main_process_alone()
    {
        var revision = Shell("dep-1", "trap 'echo interrupted; exit 0' INT; while :; do sleep 0.1; done") with { StopSignal = StopSignal.Interrupt };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.Contains("interrupted", await ReadAsync(new LogQuery { Owner = Owner }));
    }

    [Fact]
    public async Task Missing_toolchain_and_program_are_named()
    {
        var unknown = Shell("dep-1", "true") with { Runtime = new WorkloadRuntime("cobol") };
        var program = Shell("dep-2", "true") with { Owner = Owner + "x", Command = new Command.Exec("no-such-program", []) };
        await Engine.EnsureAsync(unknown, 1, Token);
        await Engine.EnsureAsync(program, 1, Token);
        var s = await UntilAsync(s => s.Instances.Count == 2 && s.Instances.All(i => i.LastExit is not null), "two failed starts");
        Assert.Contains("cobol", Of(s, unknown.Id)[0].LastExit!.LastLines[^1], StringComparison.Ordinal);
        Assert.Contains("no-such-program", Of(s, program.Id)[0].LastExit!.LastLines[^1], StringComparison.Ordinal);
        await Engine.DeleteOwnerAsync(program.Owner, Token);
    }

    [Fact]
    public async Task Own_commands_get_the_real_paths_of_disk_and_files()
    {
        var revision = Shell("dep-1", "") with
        {
            Command = new Command.Exec("sh", ["-c", "cat $1/config; echo kept > $2/data; exec sleep 300", "sh", "{files}", "{disk}"]),
            Disk = new DiskMount("dsk-1", null),
            Files = new Dictionary<string, string> { ["config"] = "from a file\n" },
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.Contains("from a file", await ReadAsync(new LogQuery { Owner = Owner }));
        Assert.Equal("kept\n", await File.ReadAllTextAsync(Path.Combine(Fixture.Home, "disks", "dsk-1", "data"), Token));
    }

    [Fact]
    public async Task Job_beside_a_running_instance_does_not_take_its_files_away()
    {
        var revision = Shell("dep-1", "exec sleep 300") with { Files = new Dictionary<string, string> { ["config"] = "content" } };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        var file = Path.Combine(Fixture.Home, "files", "dep-1", "config");
        var written = File.GetLastWriteTimeUtc(file);
        await RunJobAsync("job-1", revision, "true");
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public async Task Unhealthy_answers_never_make_it_ready()
    {
        var revision = ShellServer("dep-1", Script.Serve.Replace("send_response(200)", "send_response(500)", StringComparison.Ordinal));
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Starting, Address: not null }], "found, and not ready");
        var redirecting = ShellServer("dep-2", Script.Serve.Replace("send_response(200)", "send_response(302)", StringComparison.Ordinal));
        await Engine.EnsureAsync(redirecting, 1, Token);
        await UntilReadyAsync(redirecting.Id, 1);
        Assert.Equal(InstanceStatus.Starting, Of(Engine.Observe(), revision.Id)[0].Status);
    }

    [Fact]
    public async Task Variables_of_an_instance_hold_its_port_and_id_and_the_own_environment_wins_over_them()
    {
        var revision = NewRevision("dep-1", new Behaviour.Serve()) with
        {
            Command = new Command.Shell("echo \"a=$A b=$B c=$C\"; " + Script.Serve),
            InstanceVariables = new Dictionary<string, string> { ["A"] = "at {port}", ["B"] = "{port}", ["C"] = "{instance}.pid" },
            Environment = new Dictionary<string, string> { ["B"] = "mine", ["PORT"] = "1" },
        };
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        Assert.Contains($"a=at {instance.Address!.Port} b=mine c={instance.Id}.pid", await ReadAsync(new LogQuery { Owner = Owner }));

        await RunJobAsync("job-1", revision, "echo \"a=$A c=$C\"");
        Assert.Contains("a= c=job-1.pid", await RunLogAsync("job-1"));
    }

    [Fact]
    public async Task App_that_opens_no_port_is_never_ready()
    {
        var revision = ShellServer("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Starting, ProcessId: not null }], "starting");
        await Engine.EnsureAsync(NewRevision("dep-2", new Behaviour.Idle()), 1, Token);
        await UntilReadyAsync(new RevisionId("dep-2"), 1);
        Assert.Equal(InstanceStatus.Starting, Of(Engine.Observe(), revision.Id)[0].Status);
    }
}
