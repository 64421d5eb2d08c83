using Portico.EndToEnd.Support;

namespace Portico.EndToEnd;

/// <summary>Shells and commands on a real platform.</summary>
public sealed class ShellTests
{
    [Fact]
    public async Task Shell_and_run_reach_a_service()
    {
        Programs.Require("git", "node", "script", "perl");
        await using var platform = HelloApp.Create();
        platform.Replace("render.yaml", "buildCommand", "envVars: [{ key: GREETING, value: hi }]\n    buildCommand");
        (await platform.UpAsync()).ShouldSucceed();

        var run = await platform.RunWithInputAsync("from here", "run", HelloApp.Name, "--", "sh", "-c", "cat; echo \" $GREETING $0\"; ls; echo oops >&2; exit 9", "it's");
        Assert.Equal((9, "oops\n"), (run.ExitCode, run.Error));
        Assert.StartsWith("from here hi it's\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("server.js", run.Output, StringComparison.Ordinal);

        var shell = await platform.RunWithInputAsync("echo $RENDER_INSTANCE_ID; exit 4\n", "shell", HelloApp.Name);
        Assert.Equal(4, shell.ExitCode);
        Assert.Equal((await platform.StatusAsync())[HelloApp.Name].Instances.Single().Id, shell.Output.Trim());

        var terminal = await platform.RunInTerminalAsync("stty size; tty; exit 6\n", $"shell {HelloApp.Name}");
        Assert.Equal(6, terminal.ExitCode);
        Assert.Contains("31 101", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("/dev/pts/", terminal.Output, StringComparison.Ordinal);

        (await platform.RunAsync("shell", HelloApp.Name, "--instance", "nowhere")).ShouldFailSaying("no running instance 'nowhere'");
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }
}
