using System.Text;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>Commands in the sandboxes of instances and held jobs, with a terminal and without one.</summary>
public sealed class AttachedTests : ProcessEngineTest
{
    private static readonly TerminalRequest Terminal = new("xterm-256color", new TerminalSize(100, 30));

    [Fact]
    public async Task Command_sees_what_the_instance_sees()
    {
        var revision = Shell("dep-1", "echo $$ > own-file; touch /tmp/own-file; exec sleep 300") with { Environment = new Dictionary<string, string> { ["GREETING"] = "hi there", ["DOTTED.NAME"] = "1" } };
        var instance = await StartAsync(revision);
        var (code, output, error) = await RunInAsync(instance, "pwd; cat own-file; ls /tmp/own-file; echo $GREETING; printenv DOTTED.NAME; id -u; hostname; cat /proc/*/comm | sort | grep -c sleep; echo oops >&2; exit 7");
        Assert.Equal(7, code);
        Assert.Equal("oops\n", error);
        var lines = output.Split('\n');
        if (Engine.Capabilities.Isolation)
            Assert.Equal(["/opt/render", "2", "/tmp/own-file", "hi there", "1", "1000", lines[6], "1"], lines[..^1]);
        else
            Assert.Equal("hi there", lines[3]);
    }

    [Fact]
    public async Task Command_has_no_rights_and_the_filter_of_the_instance()
    {
        Require(Engine.Capabilities.Isolation, "There is no sandbox.");
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        var (_, ofShell, _) = await RunInAsync(instance, "grep -E '^(Cap|NoNewPrivs|Seccomp:|Uid|Gid|Groups)' /proc/self/status; for n in mnt net pid ipc uts cgroup user; do readlink /proc/self/ns/$n; done");
        var (_, ofApp, _) = await RunInAsync(instance, "grep -E '^(Cap|NoNewPrivs|Seccomp:|Uid|Gid|Groups)' /proc/2/status; for n in mnt net pid ipc uts cgroup user; do readlink /proc/2/ns/$n; done");
        Assert.Equal(ofApp, ofShell);
        Assert.Contains("CapBnd:\t0000000000000000", ofShell, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", ofShell, StringComparison.Ordinal);
        // The three that it has been given, and the directory itself.
        var (_, descriptors, _) = await RunInAsync(instance, "ls -l /proc/self/fd | sed 1d | sed 's/.* -> //'");
        Assert.Equal(4, descriptors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var (code, _, _) = await RunInAsync(instance, "unshare --user true || mount -t tmpfs none /tmp");
        Assert.NotEqual(0, code);
        var (_, limits, _) = await RunInAsync(instance, "ulimit -c; cat /proc/self/cgroup /proc/2/cgroup");
        Assert.StartsWith("0\n", limits, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminal_is_one_and_can_be_resized()
    {
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        await using var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Terminal = Terminal }, Token);
        await using var reader = new Printed(command, Token);
        await WriteAsync(command, "stty size; tty; echo $TERM-shown; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo all of them\n");
        await reader.UntilAsync("30 100");
        await reader.UntilAsync("/dev/pts/");
        await reader.UntilAsync("xterm-256color-shown");
        await reader.UntilAsync("\nall of them");
        await command.ResizeAsync(new TerminalSize(132, 43), Token);
        await WriteAsync(command, "stty size\n");
        await reader.UntilAsync("43 132");
        // Ctrl-C reaches what runs in the foreground, and the shell stays.
        await WriteAsync(command, "sleep 1000\n");
        await Eventually.TrueAsync(() => IsRunning("1000"), "the command runs");
        await WriteAsync(command, "\u0003");
        await WriteAsync(command, "echo still-$((1+1))\n");
        await reader.UntilAsync("still-2");
        await WriteAsync(command, "exit 42\n");
        Assert.Equal(42, await reader.ExitCodeAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task Input_and_output_pass_unchanged(int bytes)
    {
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        var content = new byte[bytes];
        new Random(7).NextBytes(content);
        await using var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Line = "cat" }, Token);
        var reading = ReadAllAsync(command);
        for (var at = 0; at < bytes; at += 100_000)
            await command.WriteAsync(content.AsMemory(at, Math.Min(100_000, bytes - at)), Token);
        await command.EndInputAsync(Token);
        var (code, output, _) = await reading;
        Assert.Equal(0, code);
        Assert.Equal(content, output);
    }

    [Theory]
    [InlineData("no-such-program", 127)]
    [InlineData("/etc/passwd", 126)]
    public async Task Program_that_cannot_run_has_the_code_of_a_shell(string program, int expected)
    {
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        await using var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Program = [program, "x"] }, Token);
        Assert.Equal(expected, (await ReadAllAsync(command)).Code);
    }

    [Fact]
    public async Task Signal_that_ends_a_command_is_its_code()
    {
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        Assert.Equal(137, (await RunInAsync(instance, "kill -9 $$")).Code);
    }

    [Fact]
    public async Task Everything_that_a_command_started_ends_with_the_connection()
    {
        var instance = await StartAsync(Shell("dep-1", "exec sleep 300"));
        var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Terminal = Terminal }, Token);
        await using (var reader = new Printed(command, Token))
        {
            await WriteAsync(command, "trap '' HUP; setsid nohup sleep 1001 > /dev/null 2>&1 & (trap '' HUP TERM; sleep 1002) & echo ready-$((1+1))\n");
            await reader.UntilAsync("ready-2");
            await Eventually.TrueAsync(() => IsRunning("1001") && IsRunning("1002"), "they run");
        }
        await command.DisposeAsync();
        Assert.False(IsRunning("1001"));
        Assert.False(IsRunning("1002"));
        Assert.True(IsAlive(instance.ProcessId!.Value));
        Assert.Equal(InstanceStatus.Ready, Engine.Observe().Instances.Single().Status);
    }

    [Fact]
    public async Task Command_ends_with_its_instance()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        var instance = await StartAsync(revision);
        await using var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Line = "trap '' HUP TERM INT; while :; do sleep 1003; done" }, Token);
        var reading = ReadAllAsync(command);
        await Eventually.TrueAsync(() => IsRunning("1003"), "it runs");
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        await reading;
        Assert.False(IsRunning("1003"));
        await Assert.ThrowsAsync<AttachException>(() => Engine.AttachAsync(new AttachRequest { Instance = instance.Id }, Token));
    }

    [Fact]
    public async Task Held_job_is_a_sandbox_of_its_own_and_ends_with_its_command()
    {
        var revision = Shell("dep-1", "touch /tmp/of-the-instance; exec sleep 300");
        await StartAsync(revision);
        await Engine.StartJobAsync(new JobRequest { Id = new RunId("job-1"), Revision = revision, Command = revision.Command, IsHeld = true }, Token);
        await using var command = await Engine.AttachAsync(new AttachRequest { Run = new RunId("job-1"), Line = "ls /tmp/of-the-instance; pwd; exit 3" }, Token);
        var (code, output, _) = await ReadAllAsync(command);
        Assert.Equal(3, code);
        if (Engine.Capabilities.Isolation)
            Assert.Equal("/opt/render\n", Encoding.UTF8.GetString(output));
        await command.DisposeAsync();
        await UntilOverAsync(new RunId("job-1"));
        Assert.False(IsRunning("infinity"));
        await Assert.ThrowsAsync<AttachException>(() => Engine.AttachAsync(new AttachRequest { Run = new RunId("job-1"), Line = "true" }, Token));
    }

    [Fact]
    public async Task Job_that_is_not_held_cannot_be_entered()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.StartJobAsync(new JobRequest { Id = new RunId("job-1"), Revision = revision, Command = revision.Command }, Token);
        await Assert.ThrowsAsync<AttachException>(() => Engine.AttachAsync(new AttachRequest { Run = new RunId("job-1"), Line = "true" }, Token));
        await Engine.CancelRunAsync(new RunId("job-1"), Token);
    }

    [Fact]
    public async Task Held_job_does_not_outlive_the_engine()
    {
        var revision = Shell("dep-1", "exec sleep 300");
        await Engine.StartJobAsync(new JobRequest { Id = new RunId("job-1"), Revision = revision, Command = revision.Command, IsHeld = true }, Token);
        await using var command = await Engine.AttachAsync(new AttachRequest { Run = new RunId("job-1"), Line = "sleep 1004" }, Token);
        await Eventually.TrueAsync(() => IsRunning("1004"), "it runs");
        await RestartEngineAsync();
        await UntilOverAsync(new RunId("job-1"));
        Assert.False(IsRunning("1004"));
        Assert.False(IsRunning("infinity"));
    }

    private async Task<InstanceSnapshot> StartAsync(Revision revision)
    {
        await Engine.EnsureAsync(revision, 1, Token);
        return Of(await UntilReadyAsync(revision.Id, 1), revision.Id).Single();
    }

    private async Task<(int? Code, string Output, string Error)> RunInAsync(InstanceSnapshot instance, string line)
    {
        await using var command = await Engine.AttachAsync(new AttachRequest { Instance = instance.Id, Line = line }, Token);
        await command.EndInputAsync(Token);
        var (code, output, error) = await ReadAllAsync(command);
        return (code, Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(error));
    }

    private static async Task<(int? Code, byte[] Output, byte[] Error)> ReadAllAsync(IAttachedCommand command)
    {
        using MemoryStream output = new(), error = new();
        int? code = null;
        await foreach (var item in command.ReadAsync(Token))
            if (item is AttachedOutput.Bytes bytes)
                (bytes.IsError ? error : output).Write(bytes.Content.Span);
            else if (item is AttachedOutput.Exited exited)
                code = exited.Code;
        return (code, output.ToArray(), error.ToArray());
    }

    private static Task WriteAsync(IAttachedCommand command, string text) => command.WriteAsync(Encoding.UTF8.GetBytes(text), Token);

    /// <summary>What a command has printed so far.</summary>
    private sealed class Printed : IAsyncDisposable
    {
        private readonly StringBuilder _text = new();
        private readonly Task<int?> _reading;
        private readonly CancellationTokenSource _ending;

        public Printed(IAttachedCommand command, CancellationToken cancellationToken)
        {
            _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _reading = ReadAsync(command);
        }

        public Task UntilAsync(string text) => Eventually.TrueAsync(() => ToString().Contains(text, StringComparison.Ordinal), $"'{text}' is printed");

        public async Task<int?> ExitCodeAsync() => await _reading.WaitAsync(Eventually.Limit);

        public override string ToString()
        {
            lock (_text)
                return _text.ToString();
        }

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync();
            await ((Task)_reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ending.Dispose();
        }

        private async Task<int?> ReadAsync(IAttachedCommand command)
        {
            await foreach (var item in command.ReadAsync(_ending.Token))
                if (item is AttachedOutput.Bytes bytes)
                    lock (_text)
                        _text.Append(Encoding.UTF8.GetString(bytes.Content.Span));
                else if (item is AttachedOutput.Exited exited)
                    return exited.Code;
            return null;
        }
    }
}
