using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary><c>portico start</c> at a server that runs.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _server = await FakeServer.StartAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_waits_until_what_should_run_runs()
    {
        _server.Status = read => Given.Status(
            Given.Service("api", read < 5 ? "unhealthy" : "live") with { Instances = Instances(read < 5 ? "starting" : "ready") },
            Given.Database("db", read is > 3 and < 7 ? "unavailable" : "available") with { Instances = Instances(read < 7 ? "starting" : "ready") });
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
        Assert.Contains("api: live", _terminal.Printed, StringComparison.Ordinal);
        Assert.Contains("db: available", _terminal.Printed, StringComparison.Ordinal);
        Assert.Contains(" running", _terminal.Printed, StringComparison.OrdinalIgnoreCase);
    }

    private static InstanceSummary[] Instances(string status) => [new("srv-1-abcde", 4711, status)];

    [Fact]
    public async Task It_waits_for_a_deploy_that_goes_on()
    {
        _server.Status = read => Given.Status(Given.Service("api", read < 5 ? "deploying" : "live", read < 5 ? "build_in_progress" : "live"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
    }

    [Fact]
    public async Task What_did_not_run_before_is_not_waited_for()
    {
        _server.Status = _ => Given.Status(
            Given.Service("old", "live", "build_failed"), Given.Service("broken", "failed", "build_failed"), Given.Service("off", "suspended"),
            Given.Service("new", "not_deployed", "canceled"), Given.Service("nap", "asleep"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
    }

    [Fact]
    public async Task It_waits_for_the_edge()
    {
        _server.Status = read => Given.Status(Given.Service("api")) with { EdgeProblem = read < 6 ? "The edge has not started yet." : null };
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
    }

    [Fact]
    public async Task A_platform_with_nothing_in_it_runs_too()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
        Assert.Contains("portico up", _terminal.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_exist_any_more_is_no_reason_to_wait()
    {
        _server.Status = read => read < 3 ? Given.Status(Given.Service("api", "unhealthy") with { Instances = [] }) : Given.Status();
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("start"));
    }
}
