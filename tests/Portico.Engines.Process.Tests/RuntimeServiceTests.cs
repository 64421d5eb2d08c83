using System.Diagnostics;
using EngineConformance;
using Portico.Core.Engines;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests;

/// <summary>One real service of each runtime: built by its toolchain, started, and asked.</summary>
public sealed class RuntimeServiceTests : ProcessEngineTest
{
    private const string RubyServer = """
        require 'socket'
        server = TCPServer.new('0.0.0.0', ENV['PORT'].to_i)
        loop do
          client = server.accept
          nil while (line = client.gets) && line != "\r\n"
          client.write "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhello ruby"
          client.close
        end
        """;

    private const string RustServer = """
        use std::io::{Read, Write};
        fn main() {
            let port = std::env::var("PORT").unwrap();
            for stream in std::net::TcpListener::bind(format!("0.0.0.0:{port}")).unwrap().incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nhello rust");
            }
        }
        """;

    private const string ElixirServer = """
        defmodule Hello do
          def run do
            {:ok, listener} = :gen_tcp.listen(String.to_integer(System.get_env("PORT")), [:binary, active: false, reuseaddr: true])
            loop(listener)
          end
          defp loop(listener) do
            {:ok, client} = :gen_tcp.accept(listener)
            :gen_tcp.recv(client, 0)
            :gen_tcp.send(client, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nhello elixir")
            :gen_tcp.close(client)
            loop(listener)
          end
        end
        """;

    private static readonly Dictionary<string, Sample> Samples = new()
    {
        ["node"] = new("npm install --offline --no-audit", "npm start",
            [("package.json", """{ "name": "hello", "scripts": { "start": "node server.js" } }"""),
                ("server.js", "require('http').createServer((q, r) => r.end('hello node')).listen(process.env.PORT, '0.0.0.0')")]),
        ["python"] = new("python -m pip --version && python -c 'import sys; assert sys.prefix != sys.base_prefix'", "python server.py",
            [("server.py", "import http.server, os\nclass H(http.server.BaseHTTPRequestHandler):\n  def do_GET(s):\n    s.send_response(200); s.end_headers(); s.wfile.write(b'hello python')\nhttp.server.HTTPServer(('0.0.0.0', int(os.environ['PORT'])), H).serve_forever()\n")]),
        ["dotnet"] = new("dotnet publish -c Release -o out -p:UseAppHost=false -p:NuGetAudit=false", "dotnet out/hello.dll --urls http://0.0.0.0:$PORT",
            [("hello.csproj", """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>"""),
                ("Program.cs", "var app = WebApplication.Create(args); app.MapGet(\"/\", () => \"hello dotnet\"); app.Run();")]),
        ["ruby"] = new("ruby -c server.rb && gem env home", "ruby server.rb", [("server.rb", RubyServer)]),
        ["go"] = new("go build -o app .", "./app",
            [("go.mod", "module hello\n\ngo 1.18\n"),
                ("main.go", "package main\n\nimport (\n\t\"net/http\"\n\t\"os\"\n)\n\nfunc main() {\n\thttp.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(\"hello go\")) })\n\thttp.ListenAndServe(\":\"+os.Getenv(\"PORT\"), nil)\n}\n")]),
        ["rust"] = new("cargo build --release --offline", "./target/release/hello",
            [("Cargo.toml", "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"), ("src/main.rs", RustServer)]),
        ["elixir"] = new("elixirc hello.ex", "elixir -e 'Hello.run()'", [("hello.ex", ElixirServer)]),
        ["static"] = new("mkdir public && echo hello static > public/index.html", null, [("README", "x")]),
    };

    public static TheoryData<string> Runtimes => [.. Samples.Keys];

    /// <summary>A compiler that starts for the first time takes its time.</summary>
    protected override TimeSpan Patience => TimeSpan.FromMinutes(2);

    [Theory]
    [MemberData(nameof(Runtimes))]
    public async Task Service_is_built_and_serves(string runtime)
    {
        var support = Engine.Capabilities.Runtimes.Single(item => item.Name == runtime);
        Require(support.Versions.Count > 0, support.Problem ?? $"{runtime} is missing: {support.Install}");
        var sample = Samples[runtime];
        var build = await BuildOf("dep-1", sample.Build, sample.Files) with { Runtime = new WorkloadRuntime(runtime) };
        var result = await RunAsync(build);
        Assert.True(result is RunState.Succeeded, string.Join('\n', await RunLogAsync("dep-1")));
        var artifact = ((RunState.Succeeded)result).Artifact!.Value;
        if (sample.Start is null)
        {
            var to = NewPath();
            await Engine.ExportAsync(artifact, "public", to, Token);
            Assert.Equal($"hello {runtime}\n", await File.ReadAllTextAsync(Path.Combine(to, "index.html"), Token));
            return;
        }
        var revision = NewRevision("dep-1", new Behaviour.Serve()) with
        {
            Runtime = build.Runtime,
            Artifact = artifact,
            Command = new Command.Shell(sample.Start),
        };
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ Status: InstanceStatus.Ready }] or [{ Restarts: > 2 }], "it serves");
        Assert.True(s.Instances[0].Status == InstanceStatus.Ready, string.Join('\n', await ReadAsync(new LogQuery { Owner = Owner })));
        using var client = new HttpClient();
        Assert.Equal($"hello {runtime}", await client.GetStringAsync(new Uri($"http://127.0.0.1:{s.Instances[0].Address!.Port}/"), Token));
    }

    private sealed record Sample(string Build, string? Start, (string, string)[] Files);
}

/// <summary>The same where Portico does not run as root.</summary>
public sealed class RuntimeServiceAsUserTests
{
    private const string Nobody = "65534";

    [Fact]
    public async Task Service_of_each_runtime_is_built_and_serves_for_a_user()
    {
        Assert.SkipUnless(Native.Libc.EffectiveUser() == 0, "It runs as a user already.");
        var directory = Directory.CreateTempSubdirectory("portico-user-").FullName;
        try
        {
            await RunAsync("cp", "-r", AppContext.BaseDirectory, Path.Combine(directory, "bin"));
            await RunAsync("chown", "-R", $"{Nobody}:{Nobody}", directory);
            var tests = Path.Combine(directory, "bin", typeof(RuntimeServiceTests).Assembly.GetName().Name!);
            var (code, output) = await RunAsync(
                "setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "env", $"HOME={directory}", $"TMPDIR={directory}", $"PATH={Tool.SystemPath}",
                tests, "-noColor", "-noLogo", "-class", typeof(RuntimeServiceTests).FullName!);
            Assert.True(code == 0 && output.Contains("Failed: 0", StringComparison.Ordinal), output);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = OsProcess.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }
}
