using System.Security.Cryptography;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>Versions and package managers of Python that do not come with the machine's own Python.</summary>
public sealed class PythonTests : ProcessEngineTest
{
    private const string Wanted = "3.99.1";
    private string? _mirror;

    protected override TimeSpan Patience => TimeSpan.FromMinutes(2);

    private protected override ProcessEngineOptions Options => Fixture.Options with { PythonMirror = _mirror };

    /// <summary>The archive is made from the machine's own Python, under another number.</summary>
    [Fact]
    public async Task Version_of_the_mirror_is_fetched_checked_and_used_by_the_build_and_what_runs()
    {
        await MakeMirrorAsync();
        await RestartEngineAsync();
        var build = await PythonBuild("python -c 'import sys, json, ssl; print(sys.base_prefix)' && pip --version && touch $(python -c 'import sys; print(sys.base_prefix)')/x 2>/dev/null && echo changed; true", Wanted);
        var result = await RunAsync(build);
        var log = await RunLogAsync("dep-1");
        Assert.True(result is RunState.Succeeded, string.Join('\n', log));
        Assert.Contains($"==> Using Python version {Wanted} (from the variable PYTHON_VERSION)", log);
        // Sandboxes see toolchains at another path.
        var directory = $"/toolchains/python/{Wanted}";
        Assert.Contains(log, line => line.EndsWith(directory, StringComparison.Ordinal));
        if (IsRoot)
            Assert.DoesNotContain("changed", log);

        var revision = Shell("dep-1", "true") with { Runtime = new WorkloadRuntime("python"), Artifact = new ArtifactId("dep-1") };
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, "python -c 'import sys; print(sys.base_prefix)'"));
        Assert.Contains(await RunLogAsync("job-1"), line => line.EndsWith(directory, StringComparison.Ordinal));
        Assert.Contains("does not have it either", await ReasonAsync(await PythonBuild("true", "3.98") with { Id = new RunId("dep-2") }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Archive_that_is_not_what_the_mirror_lists_is_refused()
    {
        await MakeMirrorAsync();
        await File.AppendAllTextAsync(Directory.GetFiles(_mirror!, "*.tar.gz").Single(), "x", Token);
        await RestartEngineAsync();
        Assert.Contains("digest differs", await ReasonAsync(await PythonBuild("true", Wanted)), StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Fixture.Home, "toolchains", "python")));
    }

    [Fact]
    public async Task Without_a_mirror_the_message_says_what_there_is_and_what_would_help()
    {
        var reason = await ReasonAsync(await PythonBuild("true", Wanted));
        Assert.Contains("PORTICO_PYTHON_MIRROR", reason, StringComparison.Ordinal);
        Assert.Contains(Engine.Capabilities.Runtimes.Single(item => item.Name == "python").Versions[0], reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_manager_that_is_missing_is_named_with_what_to_do()
    {
        Require(!File.Exists("/usr/bin/pdm"), "pdm is installed.");
        Assert.Contains("pip install pdm", await ReasonAsync(await PythonBuild("pdm install", null)), StringComparison.Ordinal);
        var own = await PythonBuild("pip install --no-index pdm; pdm install", null) with { Id = new RunId("dep-2") };
        Assert.DoesNotContain("begin the build command", await ReasonAsync(own), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poetry_of_the_machine_manages_the_builds_own_environment()
    {
        Require(File.Exists("/usr/bin/poetry"), "poetry is missing: apt-get install python3-poetry");
        const string project = "[tool.poetry]\nname = \"hello\"\nversion = \"1.0.0\"\ndescription = \"\"\nauthors = []\n[tool.poetry.dependencies]\npython = \">=3.8\"\n";
        var build = await BuildOf("dep-1", "pwd; poetry install --no-root --no-interaction && poetry run python -c 'import sys; print(sys.prefix)'", ("pyproject.toml", project));
        var result = await RunAsync(build with { Runtime = new WorkloadRuntime("python") });
        var log = await RunLogAsync("dep-1");
        Assert.True(result is RunState.Succeeded, string.Join('\n', log));
        Assert.Contains(Path.Combine(log.First(line => line.StartsWith('/')), ".venv"), log);
    }

    private async Task<BuildRequest> PythonBuild(string line, string? version) => await BuildOf("dep-1", line) with
    {
        Runtime = new WorkloadRuntime("python"),
        Environment = version is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["PYTHON_VERSION"] = version },
    };

    private async Task<string> ReasonAsync(BuildRequest build) => Assert.IsType<RunState.Failed>(await RunAsync(build)).Reason;

    private async Task MakeMirrorAsync()
    {
        _mirror = Directory.CreateDirectory(NewPath()).FullName;
        var name = $"cpython-{Wanted}+20260101-{(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64")}-unknown-linux-gnu-install_only.tar.gz";
        var made = await Tool.RunAsync(["/usr/bin/python3", "-c", MakeArchive, Path.Combine(_mirror, name)], Token);
        Assert.True(made.Succeeded, made.Error);
        await using var archive = File.OpenRead(Path.Combine(_mirror, name));
        await File.WriteAllTextAsync(Path.Combine(_mirror, "SHA256SUMS"), $"{new string('0', 64)}  other.tar.gz\n{Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, Token))}  {name}\n", Token);
    }

    private const string MakeArchive = """
        import os, sys, sysconfig, tarfile
        number = "%d.%d" % sys.version_info[:2]
        standard = sysconfig.get_path("stdlib")
        skip = {"test", "dist-packages", "site-packages", "__pycache__", "idlelib", "tkinter", "lib2to3", "turtledemo"}
        with tarfile.open(sys.argv[1], "w:gz", compresslevel=1, dereference=True) as archive:
            archive.add(os.path.realpath(sys.executable), f"python/bin/python{number}")
            link = tarfile.TarInfo("python/bin/python3")
            link.type, link.linkname = tarfile.SYMTYPE, f"python{number}"
            archive.addfile(link)
            archive.add(standard, f"python/lib/python{number}", filter=lambda item: None if os.path.basename(item.name) in skip else item)
        """;
}
