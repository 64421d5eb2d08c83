using System.Diagnostics;
using Portico.Hosting.Processes;

namespace Portico.Hosting.Tests;

public sealed class GitProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portico-hosting-").FullName;
    private readonly Dictionary<string, string> _environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };

    [Fact]
    public async Task Git_sees_neither_the_users_configuration_nor_inherited_git_variables()
    {
        _environment["HOME"] = _folder;
        _environment["GIT_DIR"] = "/elsewhere";
        _environment["GIT_CONFIG_COUNT"] = "1";
        _environment["GIT_CONFIG_KEY_0"] = "user.name";
        _environment["GIT_CONFIG_VALUE_0"] = "Ada";
        await File.WriteAllTextAsync(Path.Combine(_folder, ".gitconfig"), "[user]\n\temail = ada@example.com\n", TestContext.Current.CancellationToken);
        await RunAsync(["init", "--quiet", "--", _folder]);

        var listed = await RunAsync(["config", "--list", "--name-only"]);

        Assert.True(listed.Succeeded);
        Assert.DoesNotContain("user.", listed.Output, StringComparison.Ordinal);
        Assert.Contains("core.hookspath", listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_may_set_git_variables_and_input()
    {
        await RunAsync(["init", "--quiet", "--bare", "--", _folder]);

        var stored = await RunAsync(["hash-object", "-w", "--stdin"], "é", new() { ["GIT_DIR"] = _folder });

        Assert.Equal("é", (await RunAsync(["cat-file", "blob", stored.Output.Trim()], overrides: new() { ["GIT_DIR"] = _folder })).Output);
    }

    [Fact]
    public async Task Failures_are_results_with_both_streams()
    {
        var result = await RunAsync(["rev-parse", "--verify", "nothing"]);

        Assert.False(result.Succeeded);
        Assert.Equal("", result.Output);
        Assert.Contains("fatal:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_kills_the_program_and_its_children()
    {
        using var cancel = new CancellationTokenSource();
        var file = Path.Combine(_folder, "child");
        var start = new ProcessStartInfo("sh", ["-c", $"sleep 300 & echo $! > {file}.new; mv {file}.new {file}; wait"]);
        var run = CapturedProcess.RunAsync(start, null, cancel.Token);
        while (!File.Exists(file))
        {
            Assert.False(run.IsCompleted);
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
        using var child = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(child.WaitForExit(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_program_that_does_not_read_its_input_is_no_error()
    {
        var result = await CapturedProcess.RunAsync(new ProcessStartInfo("true"), new string('x', 1 << 20), TestContext.Current.CancellationToken);

        Assert.Equal(0, result.ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<ProcessResult> RunAsync(string[] arguments, string? input = null, Dictionary<string, string>? overrides = null) =>
        CapturedProcess.RunAsync(GitProcess.StartInfo(_folder, [], arguments, _environment, overrides ?? []), input, TestContext.Current.CancellationToken);
}
