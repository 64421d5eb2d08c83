using System.Text;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>What a hostile app can see and change of others, tried from inside of its sandbox.</summary>
public sealed class SandboxAttackTests : ProcessEngineTest
{
    private const string Victim = "srv-victim0123456789abcd", Secret = "secret-of-the-victim";

    private static readonly string Attacks = ReadAttacks();

    [Theory]
    [InlineData("instance")]
    [InlineData("job")]
    [InlineData("build")]
    [InlineData("shell")]
    [InlineData("command")]
    public async Task Nothing_of_others_can_be_reached(string from)
    {
        Require(IsRoot && Engine.Capabilities.Isolation, "A sandbox with an account of its own needs root.");
        var victim = await StartVictimAsync();
        var state = NewPath();
        Directory.CreateDirectory(state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(Path.Combine(state, "keys"), "keys", Token);
        var files = new Dictionary<string, string>
        {
            ["attacks.py"] = Attacks,
            ["targets"] = $"{Fixture.Home} {victim.ProcessId} {string.Concat(Secret.Reverse())} {state}",
        };

        var log = await RunFromAsync(from, files);

        Assert.Contains(log, line => line.StartsWith("tried ", StringComparison.Ordinal) && int.Parse(line["tried ".Length..], System.Globalization.CultureInfo.InvariantCulture) >= 40);
        Assert.DoesNotContain(log, line => line.Contains(": ", StringComparison.Ordinal) && !line.EndsWith(": refused", StringComparison.Ordinal) && !line.StartsWith("==>", StringComparison.Ordinal));
        Assert.True(IsAlive(victim.ProcessId!.Value));
        Assert.Equal(victim, Assert.Single(Of(Engine.Observe(), new RevisionId("dep-victim"))) with { Health = victim.Health });
    }

    [Fact]
    public async Task Two_owners_have_different_accounts_and_a_build_has_another_one()
    {
        Require(IsRoot && Engine.Capabilities.Isolation, "Accounts need root.");
        var victim = await StartVictimAsync();
        var own = Shell("dep-1", "exec sleep 300");
        await Engine.EnsureAsync(own, 1, Token);
        var instance = (await UntilReadyAsync(own.Id, 1)).Instances.Single(i => i.Revision == own.Id);
        var build = await BuildOf("dep-b", "sleep 300");
        await Engine.StartBuildAsync(build, Token);
        var pidFile = Path.Combine(Fixture.Home, "runs", "dep-b", "pid.1");
        // The file is complete with its second line.
        var written = await Eventually.BecomesAsync(() => Task.FromResult(File.Exists(pidFile) ? File.ReadAllLines(pidFile) : []), lines => lines.Length > 1, Patience, "the build has started");
        var process = Native.ProcStat.Parse(written[0])!.Value.Pid;
        await Eventually.TrueAsync(() => UserOf(process) > 0, "the build runs");
        uint[] users = [UserOf(victim.ProcessId!.Value), UserOf(instance.ProcessId!.Value), UserOf(process)];
        Assert.Equal(3, users.Distinct().Count());
        Assert.All(users, user => Assert.InRange(user, 1_900_000_000u, 2_100_000_000u));
        await Engine.CancelRunAsync(build.Id, Token);
    }

    [Fact]
    public async Task App_writes_to_its_source_and_neither_other_instances_nor_the_next_start_see_it()
    {
        Require(IsRoot && Engine.Capabilities.Isolation, "A copy of the source needs root.");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", "mkdir -m 700 cache; echo built > cache/file; echo built > page; chmod 600 page"))).Artifact!.Value;
        var revision = Shell("dep-1", "cat page cache/file; ls upload; mv cache moved && echo changed > page && echo new > upload && cat page && touch page; echo done; exec sleep 300") with { Artifact = artifact };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Eventually.BecomesAsync(async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Contains("done"), Patience, "written");
        await CrashAsync(Engine.Observe().Instances[0]);
        await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: 1, Status: InstanceStatus.Ready }], "started again");
        var log = await Eventually.BecomesAsync(async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Count(line => line == "done") == 2, Patience, "written again");
        Assert.Equal(4, log.Count(line => line == "built"));
        Assert.Equal(2, log.Count(line => line == "changed"));
        Assert.Equal("built\n", await File.ReadAllTextAsync(Path.Combine(Fixture.Home, "artifacts", "dep-b", "page"), Token));
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        await Eventually.TrueAsync(() => Directory.GetDirectories(Path.Combine(Fixture.Home, "scratch")).Length == 0, "nothing is left of what it wrote");
    }

    [Fact]
    public async Task Full_temporary_directory_fails_as_a_full_disk_and_the_app_goes_on()
    {
        Require(Engine.Capabilities is { Isolation: true, MemoryLimit.Enforced: true }, "A bounded temporary directory needs a sandbox.");
        var revision = Shell("dep-1", "head -c 200M /dev/zero > /tmp/big; echo got $?; rm /tmp/big; echo small > /tmp/small && cat /tmp/small; exec sleep 300") with
        {
            Limits = new ResourceLimits(256_000_000, null),
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        var log = await Eventually.BecomesAsync(async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Contains("small"), Patience, "written");
        Assert.Contains("got 1", log);
        Assert.Contains(log, line => line.Contains("No space left on device", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trap '' TERM INT HUP; while :; do sleep 1; done")]
    [InlineData("trap '' TERM; bomb() { while :; do sleep 300 & done; }; bomb 2>/dev/null & bomb 2>/dev/null & wait; sleep 300")]
    [InlineData("setsid sh -c \"trap '' TERM; while :; do sleep 1; done\" & exec sleep 300")]
    public async Task Nothing_is_left_of_an_instance_that_does_not_want_to_end(string line)
    {
        Require(Engine.Capabilities.Isolation, "Ending everything at once needs a sandbox.");
        var revision = Shell("dep-1", line) with { StopGrace = TimeSpan.FromSeconds(1) };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        var tag = new EngineHome(Fixture.Home, TimeProvider.System).Tag;
        Assert.DoesNotContain(Native.ProcStat.ReadAll(), stat => !stat.IsDead && stat.Pid != Environment.ProcessId && HasMarker(stat.Pid, tag));
    }

    [Fact]
    public async Task Stop_signal_reaches_the_command_whose_status_is_kept()
    {
        var revision = Shell("dep-1", "trap 'echo asked; exit 7' TERM; echo waiting; while :; do sleep 0.05; done");
        await Engine.EnsureAsync(revision, 1, Token);
        var instance = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await Eventually.BecomesAsync(async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Contains("waiting"), Patience, "waiting");
        _ = Native.Libc.Kill(instance.ProcessId!.Value, Native.Libc.SigTerm);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "ended");
        Assert.Equal((7, (int?)null), (s.Instances[0].LastExit!.ExitCode, s.Instances[0].LastExit!.Signal));
        Assert.Contains("asked", s.Instances[0].LastExit!.LastLines);
    }

    private async Task<InstanceSnapshot> StartVictimAsync()
    {
        var victim = Shell("dep-victim", "echo data > /var/data/data; touch /dev/shm/of-the-victim; exec sleep 301") with
        {
            Owner = Victim,
            Environment = new Dictionary<string, string> { ["SECRET"] = Secret },
            Disk = new DiskMount("dsk-victim", "/var/data"),
            SecretFiles = new Dictionary<string, string> { ["key"] = Secret },
        };
        await Engine.EnsureAsync(victim, 1, Token);
        var snapshot = await UntilAsync(s => Of(s, victim.Id) is [{ Status: InstanceStatus.Ready }], "the victim runs");
        return Of(snapshot, victim.Id)[0];
    }

    private async Task<IReadOnlyList<string>> RunFromAsync(string from, Dictionary<string, string> files)
    {
        const string line = "/usr/bin/python3 attacks.py";
        if (from == "build")
        {
            var build = await BuildOf("dep-b", line) with { SecretFiles = files };
            Assert.IsType<RunState.Succeeded>(await RunAsync(build));
            return [.. (await RunLogAsync("dep-b")).SkipWhile(entry => !entry.Contains("Running build command", StringComparison.Ordinal)).Skip(1).TakeWhile(entry => !entry.Contains("Build successful", StringComparison.Ordinal))];
        }
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", "true"))).Artifact!.Value;
        var revision = Shell("dep-1", from == "instance" ? $"{line}; exec sleep 300" : "exec sleep 300") with { Artifact = artifact, SecretFiles = files };
        if (from == "command")
        {
            await Engine.StartJobAsync(new JobRequest { Id = new RunId("job-1"), Revision = revision, Command = revision.Command, IsHeld = true }, Token);
            return await RunAttachedAsync(new AttachRequest { Run = new RunId("job-1"), Line = line });
        }
        if (from == "job")
        {
            Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, line));
            return await RunLogAsync("job-1");
        }
        await Engine.EnsureAsync(revision, 1, Token);
        if (from == "shell")
        {
            var instance = Of(await UntilReadyAsync(revision.Id, 1), revision.Id).Single();
            return await RunAttachedAsync(new AttachRequest { Instance = instance.Id, Line = line, Terminal = new TerminalRequest("xterm", new TerminalSize(200, 50)) });
        }
        var log = await Eventually.BecomesAsync(
            async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Any(entry => entry.StartsWith("tried ", StringComparison.Ordinal)), Patience, "all attempts were made");
        return log;
    }

    /// <returns>The lines that the command printed.</returns>
    private async Task<IReadOnlyList<string>> RunAttachedAsync(AttachRequest request)
    {
        var output = new StringBuilder();
        await using var command = await Engine.AttachAsync(request, Token);
        await foreach (var item in command.ReadAsync(Token))
            if (item is AttachedOutput.Bytes bytes)
                output.Append(Encoding.UTF8.GetString(bytes.Content.Span));
        return output.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static uint UserOf(int pid) => Native.Libc.OwnerOf($"/proc/{pid}")?.User ?? 0;

    private static bool HasMarker(int pid, string tag)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains($"{Workloads.ProcessTree.MarkerVariable}={tag}/", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string ReadAttacks()
    {
        using var reader = new StreamReader(typeof(SandboxAttackTests).Assembly.GetManifestResourceStream("attacks.py")!);
        return reader.ReadToEnd();
    }
}
