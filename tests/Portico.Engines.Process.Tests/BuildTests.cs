using System.Diagnostics;
using Portico.Core.Engines;
using Portico.Testing.Engines;

namespace Portico.Engines.Process.Tests;

public sealed class BuildTests : ProcessEngineTest
{
    private protected override ProcessEngineOptions Options => Fixture.Options with { LogBytes = 1024 * 1024, ProcessLimit = 100 };

    [Fact]
    public async Task Build_runs_in_the_root_directory_of_the_commit_with_a_clean_environment()
    {
        var build = await BuildOf("dep-1", "pwd; cat file; env", ("app/file", "content\n")) with
        {
            RootDirectory = "app",
            Environment = new Dictionary<string, string> { ["NAME"] = "va'l $(id) `id` ue\nwith a second line", ["LD_PRELOAD"] = "" },
        };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        var log = await RunLogAsync("dep-1");
        Assert.Contains(log, line => line.EndsWith("/app", StringComparison.Ordinal));
        Assert.Contains("content", log);
        Assert.Contains("NAME=va'l $(id) `id` ue", log);
        Assert.Contains("with a second line", log);
        // Where tools are installed is said to every build.
        Assert.DoesNotContain(log, line => line.StartsWith("__portico", StringComparison.Ordinal)
            || (line.StartsWith("DOTNET_", StringComparison.Ordinal) && !line.StartsWith("DOTNET_CLI_HOME=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Files_of_the_commit_are_exact_and_no_hook_or_filter_of_the_repository_runs()
    {
        var (git, _) = await MakeRepositoryAsync((".gitattributes", "* filter=evil\n"), ("a", "1"));
        var work = Path.GetDirectoryName(git)!;
        File.CreateSymbolicLink(Path.Combine(work, "link"), "a");
        var (_, commit) = await ProcessEngineFixture.CommitAsync(work);
        var hook = Path.Combine(git, "hooks", "post-checkout");
        var proof = NewPath();
        Directory.CreateDirectory(Path.GetDirectoryName(hook)!);
        await File.WriteAllTextAsync(hook, $"#!/bin/sh\ntouch {proof}\n", Token);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var build = await BuildOf("dep-1", "test -L link && test \"$(cat link)\" = 1") with { RepositoryPath = git, Commit = commit };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        Assert.False(File.Exists(proof));
    }

    [Fact]
    public async Task Git_answers_during_a_build_and_is_not_exported()
    {
        var (git, _) = await MakeRepositoryAsync(("a", "1"));
        var work = Path.GetDirectoryName(git)!;
        using (var tag = System.Diagnostics.Process.Start(new ProcessStartInfo("git", ["-C", work, "-c", "user.name=t", "-c", "user.email=t@localhost", "tag", "-a", "v1.2", "-m", "release"]))!)
            await tag.WaitForExitAsync(Token);
        await File.WriteAllTextAsync(Path.Combine(work, "b"), "2", Token);
        var (_, commit) = await ProcessEngineFixture.CommitAsync(work);
        var build = await BuildOf("dep-1", "git rev-parse HEAD; git rev-parse --abbrev-ref HEAD; git describe; git log --format=%s; git status --porcelain; git ls-files; git remote") with
        {
            RepositoryPath = git,
            Commit = commit,
            Branch = "feature/one",
        };
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        var log = await RunLogAsync("dep-1");
        Assert.Equal(
            [commit, "feature/one", $"v1.2-1-g{commit[..7]}", "files", "files", "a", "b"],
            log.SkipWhile(line => !line.Contains("Running build command", StringComparison.Ordinal)).Skip(1).Take(7));
        var to = NewPath();
        await Engine.ExportAsync(artifact, "", to, Token);
        Assert.Equal(["a", "b"], Directory.GetFileSystemEntries(to).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Assert.IsType<RunState.Succeeded>(await RunAsync(build with { Id = new RunId("dep-2"), Branch = null, Command = $"test $(git rev-parse HEAD) = {commit}" }));
        Assert.IsType<RunState.Succeeded>(await RunAsync(build with { Id = new RunId("dep-3"), Branch = "--upload-pack=id", Command = "echo built" }));
    }

    [Fact]
    public async Task A_tree_that_is_named_takes_the_place_of_the_commits_own()
    {
        var (git, first) = await MakeRepositoryAsync(("a", "1"));
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(git)!, "b"), "2", Token);
        var (_, second) = await ProcessEngineFixture.CommitAsync(Path.GetDirectoryName(git)!);
        var build = await BuildOf("dep-1", "test \"$(cat b)\" = 2") with { RepositoryPath = git, Commit = first, Tree = second };
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        var refused = Assert.IsType<RunState.Failed>(await RunAsync(build with { Id = new RunId("dep-2"), Tree = "--help" }));
        Assert.Contains("not the full id of a tree", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Root_directory_that_leaves_through_a_symbolic_link_is_refused()
    {
        var (git, _) = await MakeRepositoryAsync(("a", "1"));
        var work = Path.GetDirectoryName(git)!;
        File.CreateSymbolicLink(Path.Combine(work, "out"), "/etc");
        var (_, commit) = await ProcessEngineFixture.CommitAsync(work);
        var build = await BuildOf("dep-1", "true") with { RepositoryPath = git, Commit = commit, RootDirectory = "out" };
        Assert.Contains("symbolic link", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason, StringComparison.Ordinal);
        var whole = build with { Id = new RunId("dep-2"), RootDirectory = "" };
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(whole)).Artifact!.Value;
        await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, "out", NewPath(), Token));
        await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, "", NewPath(), Token));
    }

    [Fact]
    public async Task Links_inside_an_artifact_are_exported_as_what_they_point_to()
    {
        var build = await BuildOf("dep-1", "mkdir -p dist/a; echo x > dist/a/file; ln -s a dist/b; ln -s ../shared dist/c; mkdir shared; echo y > shared/y");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        var to = NewPath();
        await Engine.ExportAsync(artifact, "dist", to, Token);
        Assert.Equal("x\n", await File.ReadAllTextAsync(Path.Combine(to, "b", "file"), Token));
        Assert.Equal("y\n", await File.ReadAllTextAsync(Path.Combine(to, "c", "y"), Token));
        Assert.Null(new DirectoryInfo(Path.Combine(to, "b")).LinkTarget);
    }

    [Fact]
    public async Task Links_to_nothing_are_left_out_of_what_is_exported_and_named()
    {
        var build = await BuildOf("dep-1", """
            mkdir -p 'dist/a b' shared; echo x > dist/index.html; ln -s missing dist/gone; ln -s /nowhere 'dist/a b/[x]*'; ln -s itself dist/itself
            ln -s ../shared dist/c; echo y > shared/y; ln -s nothing shared/deep; echo z > 'dist/a b/[x]y'
            """);
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        var to = NewPath();
        var left = await Engine.ExportAsync(artifact, "dist", to, Token);
        Assert.Equal(["/a b/[x]* (to /nowhere)", "/c/deep (to nothing)", "/gone (to missing)", "/itself (to itself)"], left);
        Assert.Equal(
            ["a b/[x]y", "c/y", "index.html"],
            Directory.GetFiles(to, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(to, file)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Links_that_leave_are_refused_all_at_once_also_behind_other_links()
    {
        var build = await BuildOf("dep-1", "mkdir -p dist shared; echo x > dist/index.html; ln -s /usr/bin/env dist/one; ln -s ../shared dist/c; ln -s /etc/passwd shared/two");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        var refused = await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, "dist", NewPath(), Token));
        Assert.Equal("2 symbolic links leave the repository: 'c/two', 'one'.", refused.Message);
    }

    [Fact]
    public async Task Link_that_contains_itself_is_refused()
    {
        var build = await BuildOf("dep-1", "mkdir -p dist; ln -s . dist/again");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
        await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, "dist", NewPath(), Token));
    }

    [Fact]
    public async Task Dependencies_of_the_last_good_build_are_there_as_a_copy()
    {
        var first = await BuildOf("dep-1", "test ! -e sub/node_modules && mkdir -p sub/node_modules && echo 1 > sub/node_modules/x && echo h > ~/.kept", ("sub/a", "1"));
        Assert.IsType<RunState.Succeeded>(await RunAsync(first));
        Assert.IsType<RunState.Failed>(await RunAsync(first with { Id = new RunId("dep-2"), Command = "echo broken > sub/node_modules/x; exit 1" }));
        var third = first with { Id = new RunId("dep-3"), Command = "test $(cat sub/node_modules/x) = 1 && test -e ~/.kept && echo 3 > sub/node_modules/x" };
        Assert.IsType<RunState.Succeeded>(await RunAsync(third));
        var check = first with { Id = new RunId("dep-4"), Command = "test $(cat sub/node_modules/x) = 3" };
        Assert.IsType<RunState.Succeeded>(await RunAsync(check));
        var kept = NewPath();
        await Engine.ExportAsync(new ArtifactId("dep-1"), "sub/node_modules", kept, Token);
        Assert.Equal("1\n", await File.ReadAllTextAsync(Path.Combine(kept, "x"), Token));
    }

    [Fact]
    public async Task Cache_outlives_the_build_that_made_it()
    {
        var first = await BuildOf("dep-1", "mkdir node_modules; echo 1 > node_modules/x");
        await RunAsync(first);
        await Engine.DeleteRunAsync(first.Id, Token);
        Assert.IsType<RunState.Succeeded>(await RunAsync(first with { Id = new RunId("dep-2"), Command = "cat node_modules/x" }));
        Assert.False(Directory.Exists(Path.Combine(Fixture.Home, "artifacts", "dep-1")));
    }

    [Fact]
    public async Task Clean_build_reuses_nothing_and_is_what_the_next_one_starts_from()
    {
        var first = await BuildOf("dep-1", "mkdir -p node_modules ~/.npm/_cacache; echo 1 > node_modules/x; echo 1 > ~/.npm/_cacache/x");
        Assert.IsType<RunState.Succeeded>(await RunAsync(first));
        var clean = first with { Id = new RunId("dep-2"), UseCache = false, Command = "test ! -e node_modules && test ! -e ~/.npm/_cacache/x && mkdir node_modules && echo 2 > node_modules/x" };
        Assert.IsType<RunState.Succeeded>(await RunAsync(clean));
        Assert.IsType<RunState.Succeeded>(await RunAsync(first with { Id = new RunId("dep-3"), Command = "test $(cat node_modules/x) = 2" }));
    }

    [Fact]
    public async Task Python_build_has_an_environment_of_its_own_that_the_next_one_reuses()
    {
        Require(Engine.Capabilities.Runtimes.Single(r => r.Name == "python").Versions.Count > 0, "Python is missing.");
        var line = "pwd; command -v pip; head -1 .venv/bin/pip; python -c 'import sys; print(sys.prefix)'; touch $VIRTUAL_ENV/kept";
        var first = await BuildOf("dep-1", line) with { Runtime = new WorkloadRuntime("python") };
        Assert.IsType<RunState.Succeeded>(await RunAsync(first));
        Assert.IsType<RunState.Succeeded>(await RunAsync(first with { Id = new RunId("dep-2"), Command = line + "; ls .venv" }));
        var log = await RunLogAsync("dep-2");
        var environment = Path.Combine(log.First(text => text.StartsWith('/')), ".venv");
        Assert.Contains("kept", log);
        Assert.Contains(environment, log);
        Assert.Contains($"{environment}/bin/pip", log);
        Assert.Contains(log, text => text.StartsWith($"#!{environment}/bin/python", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_build_leaves_running_is_ended_with_it()
    {
        var build = await BuildOf("dep-1", "setsid sleep 300.25 & sleep 0.3; pgrep -f 'sleep 300.25'");
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        Assert.False(IsRunning("300.25"));
    }

    [Fact]
    public async Task Endless_forks_are_bounded_and_end_with_the_build()
    {
        var build = await BuildOf("dep-1", "bomb() { bomb | bomb & }; bomb; sleep 300") with { Timeout = TimeSpan.FromSeconds(2) };
        Assert.Contains("longer", Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason, StringComparison.Ordinal);
        Assert.IsType<RunState.Succeeded>(await RunAsync(build with { Id = new RunId("dep-2"), Command = "true", Timeout = TimeSpan.FromMinutes(1) }));
    }

    [Fact]
    public async Task Log_of_a_build_that_prints_without_end_stays_short_on_disk_and_keeps_its_end()
    {
        var build = await BuildOf("dep-1", "yes 'a line that is printed again and again' | head -c 200000000; echo; echo the end");
        Assert.IsType<RunState.Succeeded>(await RunAsync(build));
        var log = await RunLogAsync("dep-1");
        Assert.Contains("the end", log);
        Assert.Contains("dropped", log[0], StringComparison.Ordinal);
        Assert.True(log.Sum(line => line.Length) < 2 * Options.LogBytes);
        using var du = System.Diagnostics.Process.Start(new ProcessStartInfo("du", ["-k", Path.Combine(Fixture.Home, "runs", "dep-1", "log")]) { RedirectStandardOutput = true })!;
        var kilobytes = int.Parse((await du.StandardOutput.ReadToEndAsync(Token)).Split('\t')[0]);
        Assert.InRange(kilobytes, 1, 2 * Options.LogBytes / 1024);
        Assert.Equal(["the end", "==> Build successful 🎉"], await ReadAsync(new LogQuery { Run = build.Id, Tail = 2 }));
    }

    [Fact]
    public async Task Full_disk_fails_the_build_with_that_reason()
    {
        Require(IsRoot, "A small file system can be mounted by root alone.");
        var home = NewPath();
        Directory.CreateDirectory(home);
        await Tool.RunAsync(["mount", "-t", "tmpfs", "-o", "size=1m,mode=711", "tmpfs", home], Token);
        try
        {
            await using var engine = await Fixture.StartAsync(Options with { Home = Path.Combine(home, "engine") });
            var build = await BuildOf("dep-1", "true", ("big", new string('x', 3_000_000)));
            await engine.StartBuildAsync(build, Token);
            Assert.Contains("full", Assert.IsType<RunState.Failed>(await engine.EndOfAsync(build.Id)).Reason, StringComparison.Ordinal);
            var small = await BuildOf("dep-2", "true");
            await engine.StartBuildAsync(small, Token);
            Assert.IsType<RunState.Succeeded>(await engine.EndOfAsync(small.Id));
        }
        finally
        {
            await Tool.RunAsync(["umount", "-l", home], CancellationToken.None);
        }
    }
}
