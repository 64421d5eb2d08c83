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

    private const string MakeGem = """
        mkdir -p gem/bin && echo 'puts "hello from gem"' > gem/bin/greet && chmod +x gem/bin/greet
        echo 'Gem::Specification.new { |s| s.name = "greeter"; s.version = "1.0"; s.summary = s.name; s.authors = ["test"]; s.files = ["bin/greet"]; s.executables = ["greet"]; s.bindir = "bin" }' > gem/greeter.gemspec
        (cd gem && gem build greeter.gemspec)
        """;

    private const string MakeNuGetTool = """
        mkdir -p nuget/src && echo 'System.Console.WriteLine("hello from dotnet");' > nuget/src/Program.cs
        cat > nuget/src/greeter.csproj <<'EOF'
        <Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><PackAsTool>true</PackAsTool>
          <ToolCommandName>greet</ToolCommandName><PackageId>greeter</PackageId><Version>1.0.0</Version><UseAppHost>false</UseAppHost></PropertyGroup></Project>
        EOF
        echo '<configuration><packageSources><clear /><add key="here" value="packages" /></packageSources></configuration>' > nuget/nuget.config
        mkdir -p nuget/packages && (cd nuget && dotnet pack src -o packages -v quiet)
        """;

    private static readonly (string, string)[] Crate =
    [
        ("crate/Cargo.toml", "[package]\nname = \"greet\"\nversion = \"1.0.0\"\n"),
        ("crate/src/main.rs", "fn main() { println!(\"hello from cargo\"); }\n"),
        ("module/go.mod", "module example.org/greet\n\ngo 1.19\n"),
        ("module/main.go", "package main\n\nfunc main() { println(\"hello from go\") }\n"),
    ];

    protected override TimeSpan Patience => TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("node", "npm install --global --offline ./tool && greet", "greet", "hello from npm", "npm")]
    [InlineData("node", "corepack enable && command -v yarn", "command -v pnpm", "/bin/pnpm", "corepack")]
    [InlineData("node", "pip3 install --no-index ./greeter-1.0-py3-none-any.whl && greeter && python3 -c 'import greeter'", "greeter", "hello from pip", "pip3")]
    [InlineData("static", "pip3 install --no-index ./greeter-1.0-py3-none-any.whl && greeter", "greeter", "hello from pip", "pip3")]
    [InlineData("node", "pnpm add --global \"$PWD/tool\" && greet", "greet", "hello from npm", "npm")]
    [InlineData("node", "yarn global add \"file:$PWD/tool\" --offline && greet", "greet", "hello from npm", "npm")]
    [InlineData("node", "bun add --global \"$PWD/tool\" && greet", "greet", "hello from npm", "npm")]
    [InlineData("dotnet", "cd nuget && dotnet tool install --global greeter && greet", "greet", "hello from dotnet", "dotnet")]
    [InlineData("ruby", "gem install --local gem/greeter-1.0.gem && greet", "greet", "hello from gem", "gem")]
    [InlineData("rust", "cargo install --offline --path crate && greet", "greet", "hello from cargo", "cargo")]
    [InlineData("go", "cd module && go install . && greet", "greet", "hello from go", "go")]
    public async Task Globally_installed_program_is_there_for_the_build_and_what_runs(string runtime, string command, string run, string printed, string needed)
    {
        Require(new[] { "/usr/bin/", "/usr/local/bin/", "/bin/" }.Any(directory => File.Exists(directory + needed)), $"{needed} is missing.");
        var build = await BuildOf("dep-1", $"{Preparation(needed)}\n{command}", [.. Tool, .. Crate]) with { Runtime = new WorkloadRuntime(runtime) };
        var result = await RunAsync(build);
        var log = await RunLogAsync("dep-1");
        Require(!log.Any(line => line.Contains("could not be fetched from the npm registry", StringComparison.Ordinal)), "The npm registry cannot be reached.");
        Assert.True(result is RunState.Succeeded, string.Join('\n', log));

        var revision = Shell("dep-1", "true") with { Runtime = new WorkloadRuntime(runtime), Artifact = new ArtifactId("dep-1") };
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, run));
        Assert.Contains(await RunLogAsync("job-1"), line => line.Contains(printed, StringComparison.Ordinal));

        Assert.IsType<RunState.Failed>(await RunAsync(build with { Id = new RunId("dep-2"), Command = run.Replace("command -v", "test -e", StringComparison.Ordinal) }));
        await Engine.DeleteOwnerAsync(Owner, Token);
        Assert.Empty(Directory.GetDirectories(Path.Combine(Fixture.Home, "global")));
    }

    private static string Preparation(string needed) => needed switch
    {
        "pip3" => MakeWheel,
        "gem" => MakeGem,
        "dotnet" => MakeNuGetTool,
        _ => "",
    };
}
