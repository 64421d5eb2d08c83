using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>What only a real process shows: signals, pipes, and no terminal.</summary>
public sealed class RealCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Output_into_a_pipe_has_no_colours()
    {
        await using var server = await FakeServer.StartAsync(_folder);
        server.Status = _ => Given.Status(Given.Service("api"));
        var (code, output, error) = await RealCommand.RunAsync(_folder, [], "status");
        Assert.Equal(ExitCode.Ok, code);
        Assert.StartsWith("NAME", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output + error);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_the_command_quietly()
    {
        await using var server = await FakeServer.StartAsync(_folder);
        server.Status = _ => Given.Status(Given.Service("api"));
        for (var line = 0; line < 10_000; line++)
            server.Logs.Add(new LogEntry("srv-api-abcde", "a line of some length, so that the pipe fills up"));
        using var process = RealCommand.Start(_folder, [], "logs", "api", "-n", "10000");
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        process.StandardOutput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.OutputClosed, process.ExitCode);
        Assert.Empty(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ctrl_C_during_up_ends_with_130_and_says_what_goes_on()
    {
        await using var server = await FakeServer.StartAsync(_folder);
        _folder.Write("app/render.yaml", "services: []\n");
        server.Apply = _ => (200, Given.Applied(new PlannedChange("service", "api", "create")));
        server.Status = _ => Given.Status(Given.Service("api", "deploying", "build_in_progress"));
        using var process = RealCommand.Start(_folder, [], "up", "app");
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Signal(process.Id);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Interrupted, process.ExitCode);
        Assert.Contains("Deploys in progress continue", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static void Signal(int pid)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-INT", pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
