using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>Commands are lines of bash, and every variable of a workload reaches its program.</summary>
public sealed class CommandShellTests : ProcessEngineTest
{
    private const string OnlyInBash = "set -o pipefail; [[ a == a* ]] && list=(1 2 3) && source <(echo 'sourced=yes') && ls /nonexistent &> /dev/null; echo \"${list[1]} $sourced\"; false | true || echo failed";

    [Fact]
    public async Task Build_job_and_start_commands_run_in_bash()
    {
        await RunAsync(await BuildOf("dep-b", OnlyInBash));
        await RunJobAsync("job-1", Shell("dep-0", "true"), OnlyInBash);
        var revision = Shell("dep-1", $"{OnlyInBash}; exec sleep 300");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);

        IReadOnlyList<string>[] logs = [await RunLogAsync("dep-b"), await RunLogAsync("job-1"), await ReadAsync(new LogQuery { Owner = Owner })];
        Assert.All(logs, log => Assert.Contains("2 yes", log));
        Assert.All(logs, log => Assert.Contains("failed", log));
    }

    [Fact]
    public async Task Command_may_be_the_path_of_a_script()
    {
        var build = await BuildOf("dep-b", "./scripts/build.sh one", ("scripts/build.sh", "#!/bin/sh\necho built $1\n"), ("start", "#!/bin/sh\necho started\nexec sleep 300\n"));
        Assert.IsType<RunState.Failed>(await RunAsync(build));
        Assert.Contains(await RunLogAsync("dep-b"), line => line.Contains("Permission denied", StringComparison.Ordinal));

        Assert.IsType<RunState.Succeeded>(await RunAsync(build with { Id = new RunId("dep-c"), Command = "chmod +x scripts/build.sh start && scripts/build.sh two" }));
        Assert.Contains("built two", await RunLogAsync("dep-c"));
        var revision = Shell("dep-c", "./start") with { Artifact = new ArtifactId("dep-c") };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.Contains("started", await ReadAsync(new LogQuery { Owner = Owner }));
    }

    [Fact]
    public async Task Every_name_that_a_variable_may_have_reaches_the_program()
    {
        string[] names =
        [
            "spring.profiles.active", "a.b.c", "x-y", "_.-", "UID", "EUID", "GROUPS", "IFS", "PWD", "OPTARG", "PS1", "PS4", "CDPATH", "ENV",
            "TMOUT", "MAIL", "HOSTNAME", "HOSTTYPE", "MACHTYPE", "OSTYPE", "REPLY", "SECONDS", "FUNCNAME", "PIPESTATUS", "DIRSTACK", "COLUMNS", "LINES",
            "HISTFILE", "POSIXLY_CORRECT", "TERM", "HOME", "SHELL", "USER", "n", "i", "status", "GLOBIGNORE", "FIGNORE", "LC_MESSAGES", "TZ",
        ];
        var variables = names.ToDictionary(name => name, name => $"it's \"{name}\" $HOME `x` \\ * = end");
        await RunJobAsync("job-1", Shell("dep-1", "true") with { Environment = variables }, "/usr/bin/python3 -c 'import os; [print(n + \"=\" + v) for n, v in os.environ.items()]'");
        var log = await RunLogAsync("job-1");
        Assert.True(names.All(name => log.Contains($"{name}={variables[name]}")), string.Join('\n', names.Where(name => !log.Contains($"{name}={variables[name]}")).Concat(log)));
        Assert.DoesNotContain(log, line => line.StartsWith("__portico_", StringComparison.Ordinal) || line.StartsWith("OLDPWD=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_Portico_and_bash_are_left_out_and_named()
    {
        var revision = Shell("dep-1", "exec sleep 300") with
        {
            Environment = new Dictionary<string, string> { ["PPID"] = "2", ["__portico_count"] = "9", ["BASH_FUNC_ls%%"] = "() { id; }", ["GOOD"] = "yes" },
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.Equal(3, (await ReadAsync(new LogQuery { Owner = Owner })).Count(line => line.Contains("is not set", StringComparison.Ordinal)));
        await RunJobAsync("job-1", revision, "echo $GOOD");
        Assert.Contains("yes", await RunLogAsync("job-1"));
    }

    [Theory]
    [InlineData(1, 127_000, null)]
    [InlineData(1, 140_000, "'V0'")]
    [InlineData(30, 100_000, "together")]
    public async Task Variables_that_the_kernel_would_refuse_are_refused_with_the_reason(int count, int size, string? reason)
    {
        var variables = Enumerable.Range(0, count).ToDictionary(i => $"V{i}", _ => new string('x', size));
        var ended = await RunJobAsync("job-1", Shell("dep-1", "true") with { Environment = variables }, "echo ${#V0}");
        if (reason is null)
            Assert.Contains($"{size}", await RunLogAsync("job-1"));
        else
            Assert.Contains(reason, Assert.IsType<RunState.Failed>(ended).Reason, StringComparison.Ordinal);
    }
}
