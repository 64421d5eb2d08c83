using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>What a build installs globally belongs to the build: its instances have it, and nothing else has.</summary>
public sealed class GlobalProgramsTests : ProcessEngineTest
{
    private const string MakeWheel = """
        python3 - <<'EOF'
        import zipfile
        with zipfile.ZipFile("greeter-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("greeter.py", "def main():\n    print('hello from pip')\n")
            wheel.writestr("greeter-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeter\nVersion: 1.0\n")
            wheel.writestr("greeter-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr("greeter-1.0.dist-info/entry_points.txt", "[console_scripts]\ngreeter = greeter:main\n")
            wheel.writestr("greeter-1.0.dist-info/RECORD", "")
        EOF
        """;

    private static readonly (string, string)[] Tool =
    [
        ("tool/package.json", """{ "name": "tool", "version": "1.0.0", "bin": { "greet": "greet.js" } }"""),
        ("tool/greet.js", "#!/usr/bin/env node\nconsole.log('hello from npm')\n"),
    ];

    protected override TimeSpan Patience => TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("node", "npm install --global --offline ./tool && greet", "greet", "hello from npm", "npm")]
    [InlineData("node", "corepack enable && command -v yarn", "command -v pnpm", "/global/", "corepack")]
    [InlineData("node", "pip3 install --no-index ./greeter-1.0-py3-none-any.whl && greeter && python3 -c 'import greeter'", "greeter", "hello from pip", "pip3")]
    [InlineData("static", "pip3 install --no-index ./greeter-1.0-py3-none-any.whl && greeter", "greeter", "hello from pip", "pip3")]
    public async Task Globally_installed_program_is_there_for_the_build_and_what_runs(string runtime, string command, string run, string printed, string needed)
    {
        Require(new[] { "/usr/bin/", "/usr/local/bin/", "/bin/" }.Any(directory => File.Exists(directory + needed)), $"{needed} is missing.");
        var build = await BuildOf("dep-1", $"{(needed == "pip3" ? MakeWheel + "\n" : "")}{command}", Tool) with { Runtime = new WorkloadRuntime(runtime) };
        var result = await RunAsync(build);
        var log = await RunLogAsync("dep-1");
        Assert.True(result is RunState.Succeeded, string.Join('\n', log));

        var revision = Shell("dep-1", "true") with { Runtime = new WorkloadRuntime(runtime), Artifact = new ArtifactId("dep-1") };
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, run));
        Assert.Contains(await RunLogAsync("job-1"), line => line.Contains(printed, StringComparison.Ordinal));

        Assert.IsType<RunState.Failed>(await RunAsync(build with { Id = new RunId("dep-2"), Command = run.Replace("command -v", "test -e", StringComparison.Ordinal) }));
        await Engine.DeleteOwnerAsync(Owner, Token);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Fixture.Home, "global")));
    }
}
