using Portico.Core.Engines;
using Xunit;

namespace EngineConformance;

/// <summary>Builds and jobs.</summary>
public abstract partial class EngineConformanceTests
{
    [Fact]
    public async Task Build_makes_an_artifact_that_can_be_exported()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Write("made", "by the build"), ("site/index.html", "<h1>"), ("other", "x"));
        await Engine.StartBuildAsync(build, Token);
        await Engine.StartBuildAsync(build, Token);
        var artifact = Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id)).Artifact!.Value;
        var (whole, site) = (NewPath(), NewPath());
        await Engine.ExportAsync(artifact, "", whole, Token);
        await Engine.ExportAsync(artifact, "site", site, Token);
        Assert.Equal("by the build", (await File.ReadAllTextAsync(Path.Combine(whole, "made"), Token)).Trim());
        Assert.Equal("<h1>", await File.ReadAllTextAsync(Path.Combine(site, "index.html"), Token));
        Assert.False(File.Exists(Path.Combine(site, "other")));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc")]
    [InlineData("missing")]
    [InlineData("README")]
    public async Task Export_refuses_what_is_not_a_directory_of_the_artifact(string path)
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0));
        await Engine.StartBuildAsync(build, Token);
        var artifact = Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id)).Artifact!.Value;
        await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, path, NewPath(), Token));
    }

    [Fact]
    public async Task Build_that_fails_says_why()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(7, "broken"));
        await Engine.StartBuildAsync(build, Token);
        var failed = Assert.IsType<RunState.Failed>(await UntilOverAsync(build.Id));
        Assert.Equal(7, failed.ExitCode);
        Assert.Contains("7", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("broken", await ReadAsync(new LogQuery { Run = build.Id }));
    }

    [Fact]
    public async Task Unknown_commit_and_root_directory_fail_the_build()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0));
        foreach (var (id, wrong) in new[]
        {
            ("a", build with { Commit = new string('0', 40) }),
            ("b", build with { Commit = "--force" }),
            ("c", build with { RootDirectory = "../.." }),
            ("d", build with { RootDirectory = "missing" }),
        })
        {
            await Engine.StartBuildAsync(wrong with { Id = new RunId(id) }, Token);
            Assert.IsType<RunState.Failed>(await UntilOverAsync(new RunId(id)));
        }
    }

    [Fact]
    public async Task Canceled_build_ends_as_failed()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Stubborn());
        await Engine.StartBuildAsync(build, Token);
        await Engine.CancelRunAsync(build.Id, Token);
        await Engine.CancelRunAsync(build.Id, Token);
        Assert.True(Assert.IsType<RunState.Failed>(await UntilOverAsync(build.Id)).IsCanceled);
        await Engine.CancelRunAsync(new RunId("never-started"), Token);
    }

    [Fact]
    public async Task Build_that_takes_too_long_is_ended()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Stubborn()) with { Timeout = TimeSpan.FromSeconds(1) };
        await Engine.StartBuildAsync(build, Token);
        Assert.False(Assert.IsType<RunState.Failed>(await UntilOverAsync(build.Id)).IsCanceled);
    }

    [Fact]
    public async Task Build_goes_on_while_the_engine_is_dead()
    {
        var build = await NewBuildAsync("dep-1", new Behaviour.Exit(0, "done"));
        await Engine.StartBuildAsync(build, Token);
        await RestartEngineAsync();
        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(build.Id));
        Assert.Contains("done", await ReadAsync(new LogQuery { Run = build.Id }));
    }

    [Fact]
    public async Task Job_runs_with_the_variables_of_its_revision()
    {
        var revision = NewRevision("dep-1", new Behaviour.Idle()) with { Environment = new Dictionary<string, string> { ["GREETING"] = "good day" } };
        var job = new JobRequest { Id = new RunId("job-1"), Revision = revision, Command = CommandFor(new Behaviour.Echo("GREETING")) };
        await Engine.StartJobAsync(job, Token);
        await Engine.StartJobAsync(job, Token);
        Assert.Equal(new RunState.Succeeded(null), await UntilOverAsync(job.Id));
        Assert.Single(await ReadAsync(new LogQuery { Run = job.Id }), "good day");
    }

    [Fact]
    public async Task Run_is_absent_before_it_starts_and_after_it_is_deleted()
    {
        var id = new RunId("job-1");
        Assert.IsType<RunState.Absent>(await Engine.GetRunAsync(id, Token));
        await Engine.StartJobAsync(
            new JobRequest { Id = id, Revision = NewRevision("dep-1", new Behaviour.Idle()), Command = CommandFor(new Behaviour.Exit(0)) }, Token);
        await UntilOverAsync(id);
        Assert.Contains(id, (await Engine.ListAsync(Token)).Runs);
        await Engine.DeleteRunAsync(id, Token);
        await Engine.DeleteRunAsync(id, Token);
        Assert.IsType<RunState.Absent>(await Engine.GetRunAsync(id, Token));
    }
}
