using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;
using Portico.Testing;

namespace Portico.Cli.Tests;

/// <summary>Starting a server that is not there, with a keeper of the test in the place of the real one.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Terminal _terminal;

    public LauncherTests()
    {
        _terminal = new Terminal(_folder);
        _terminal.Set("PORTICO_SERVER_PATH", _folder["bin/portico-server"]);
        _terminal.Set("PORTICO_HTTP_PORT", FreePort.Find().ToString(CultureInfo.InvariantCulture));
        _folder.Write("bin/portico-server", "");
        _folder.Write("work/render.yaml", "services: []\n");
    }

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_server_that_cannot_start_is_reported_with_its_own_words()
    {
        GivenKeeper("mkdir -p \"$(dirname \"$2\")\"; echo 'Port 8080 is taken by nginx.' >>\"$2\"; exit 69");
        Assert.Equal(ExitCode.CannotStart, await _terminal.RunAsync("blueprint", "plan"));
        var error = _terminal.Error.ToString();
        Assert.Contains("The server failed to start (exit code 69).", error, StringComparison.Ordinal);
        Assert.Contains("  Port 8080 is taken by nginx.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_keeper_gets_lock_log_and_program_and_only_what_the_server_needs()
    {
        _terminal.Set("PORTICO_DOMAIN", "apps.example.com");
        _terminal.Set("SSH_AUTH_SOCK", "/tmp/agent");
        _terminal.Set("NPM_CONFIG_REGISTRY", "https://npm.example.com");
        _terminal.Set("NPM_CONFIG__AUTH_TOKEN", "hunter2");
        GivenKeeper($"printf '%s\\n' \"$@\" >{_folder["arguments"]}; env >{_folder["environment"]}; pwd >>{_folder["environment"]}; exit 69");
        await _terminal.RunAsync("blueprint", "plan");
        var paths = new PlatformPaths(_folder["home"]);
        Assert.Equal([paths.ServerLock, paths.ServerLog, _folder["bin/portico-server"]], File.ReadAllLines(_folder["arguments"]));
        var environment = File.ReadAllLines(_folder["environment"]);
        Assert.Contains("PORTICO_DOMAIN=apps.example.com", environment);
        Assert.Contains($"PORTICO_HOME={_folder["home"]}", environment);
        Assert.Contains("NPM_CONFIG_REGISTRY=https://npm.example.com", environment);
        Assert.Contains("/", environment);
        Assert.DoesNotContain(environment, line => line.Contains("SSH_AUTH_SOCK", StringComparison.Ordinal) || line.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_keeper_that_finds_another_one_ending_is_started_again()
    {
        GivenKeeper($"[ -e {_folder["second"]} ] && exit 69; touch {_folder["second"]}; exit 0");
        Assert.Equal(ExitCode.CannotStart, await _terminal.RunAsync("blueprint", "plan"));
        Assert.Contains("exit code 69", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_comes_is_waited_for_and_used()
    {
        GivenKeeper($"touch {_folder["asked"]}; exec sleep 30");
        var running = _terminal.RunAsync("blueprint", "plan");
        await Eventually.TrueAsync(() => File.Exists(_folder["asked"]), "the server was asked");
        await using var server = await FakeServer.StartAsync(_folder);
        Assert.Equal(ExitCode.Ok, await running);
        Assert.Single(server.Applied);
    }

    [Fact]
    public async Task A_taken_port_is_refused_before_anything_is_started()
    {
        using var other = new TcpListener(IPAddress.Any, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        _terminal.Set("PORTICO_HTTP_PORT", port.ToString(CultureInfo.InvariantCulture));
        GivenKeeper($"touch {_folder["asked"]}");
        Assert.Equal(ExitCode.CannotStart, await _terminal.RunAsync("blueprint", "plan"));
        var error = _terminal.Error.ToString();
        Assert.Contains($"Port {port} is already in use by ", error, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", error, StringComparison.Ordinal);
        Assert.Contains("PORTICO_HTTP_PORT=", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["asked"]));
    }

    [Fact]
    public async Task A_missing_server_is_named()
    {
        _terminal.Set("PORTICO_SERVER_PATH", _folder["nowhere"]);
        Assert.Equal(ExitCode.CannotStart, await _terminal.RunAsync("blueprint", "plan"));
        Assert.Contains(_folder["nowhere"], _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_in_the_file_are_told_before_anything_is_started()
    {
        _folder.Write("work/render.yaml", "services:\n  - type: web\n    nam: api\n");
        GivenKeeper($"touch {_folder["asked"]}; exit 69");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("up"));
        Assert.Contains("render.yaml:3:5: error:", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["asked"]));
    }

    [Fact]
    public async Task Down_without_a_platform_is_no_error()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("down"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("down", "--delete", "--yes"));
    }

    [Fact]
    public async Task Down_starts_a_server_for_workloads_that_run_without_one()
    {
        GivenKeeper("exit 69");
        using var left = Process.Start("sleep", "60");
        var pidFile = _folder.Write("home/engine/instances/srv-1-abcde/pid.1", "");
        await File.WriteAllTextAsync(
            pidFile, $"{File.ReadAllText($"/proc/{left.Id}/stat")}{File.ReadAllText("/proc/sys/kernel/random/boot_id")}", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.CannotStart, await _terminal.RunAsync("down", "--delete", "--yes"));
        Assert.True(File.Exists(pidFile));
        left.Kill();
        await left.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("down", "--delete", "--yes"));
    }

    [Fact]
    public async Task Down_waits_until_the_processes_are_gone()
    {
        using var process = Process.Start("sleep", "60");
        await using var server = await FakeServer.StartAsync(_folder);
        server.Status = _ => Given.Status() with { ServerProcessId = process.Id };
        var running = _terminal.RunAsync("down");
        await Eventually.TrueAsync(() => server.Stopped is not null, "the server was told to stop");
        Assert.False(running.IsCompleted);
        process.Kill();
        Assert.Equal(ExitCode.Ok, await running);
    }

    [Fact]
    public async Task Down_tells_a_server_again_that_died_instead_of_stopping()
    {
        using var keeper = Process.Start("sleep", "60");
        using var first = Process.Start("sleep", "60");
        using var second = Process.Start("sleep", "60");
        await using var server = await FakeServer.StartAsync(_folder);
        _folder.Write("home/run/server.lock", keeper.Id.ToString(CultureInfo.InvariantCulture));
        server.Status = _ => Given.Status() with { ServerProcessId = first.HasExited ? second.Id : first.Id };
        var running = _terminal.RunAsync("down");
        await Eventually.TrueAsync(() => Stops(server) == 1, "the server was told to stop once");
        first.Kill();
        await Eventually.TrueAsync(() => Stops(server) == 2, "the server was told to stop twice");
        keeper.Kill();
        second.Kill();
        Assert.Equal(ExitCode.Ok, await running);
    }

    [Fact]
    public async Task Down_waits_for_a_server_that_its_keeper_is_bringing_back()
    {
        var lockFile = _folder.Write("home/run/server.lock", "");
        GivenKeeper("exit 0");
        using var keeper = Process.Start("flock", [lockFile, "sh", "-c", $"touch {_folder["held"]}; exec sleep 60"]);
        await Eventually.TrueAsync(() => File.Exists(_folder["held"]), "the lock is held");
        var running = _terminal.RunAsync("down");
        await using var server = await FakeServer.StartAsync(_folder);
        Assert.Equal(ExitCode.Ok, await running);
        Assert.NotNull(server.Stopped);
        keeper.Kill(entireProcessTree: true);
    }

    private static int Stops(FakeServer server) => server.Requests.Count(request => request == "POST /portico/v1/stop");

    private void GivenKeeper(string script) => _folder.Write("bin/keep.sh", "#!/bin/sh\n" + script + "\n");
}
