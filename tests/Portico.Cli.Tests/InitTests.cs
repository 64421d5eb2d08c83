using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

public sealed class InitTests : IDisposable
{
    private const string Express = """{"scripts":{"start":"node app.js"},"dependencies":{"express":"5"}}""";

    private readonly TempFolder _folder = new();
    private readonly Terminal _terminal;

    public InitTests() => _terminal = new Terminal(_folder);

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_writes_what_it_recognizes_with_the_reasons()
    {
        _folder.Write("work/package.json", Express);
        _folder.Write("work/package-lock.json", "{}");
        _folder.Write("work/app.js", "app.get('/healthz', check)\n");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("init"));
        Assert.Equal(
            """
            # Portico proposed this file from the files of the project. Every value is a guess, and its reason is above it.
            # Check and change it, then deploy it with `portico up`.
            services:
              # Express: package.json has the dependency express
              - type: web
                name: work
                runtime: node
                # there is a package-lock.json
                buildCommand: npm ci
                # this is the script start in package.json
                startCommand: node app.js
                # app.js serves it
                healthCheckPath: /healthz

            """,
            File.ReadAllText(_folder["work/render.yaml"]));
        Assert.Contains("Wrote render.yaml.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("node app.js  # this is the script start in package.json", _terminal.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_passes_validation_whatever_was_recognized()
    {
        foreach (var (name, text) in new[]
        {
            ("web/package.json", """{"dependencies":{"react-router-dom":"7"},"devDependencies":{"vite":"7"}}"""), ("web/index.html", ""),
            ("api/requirements.txt", "django\ngunicorn\npsycopg2\ndj-database-url\n"), ("api/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')"),
            ("api/shop/wsgi.py", ""), ("api/shop/settings.py", "SECRET_KEY = os.environ['SECRET_KEY']\ndj_database_url.config()\n"),
            ("admin/Gemfile", "gem 'rails'\ngem 'pg'\n"), ("admin/config/application.rb", ""), ("admin/config/credentials.yml.enc", "x"),
            ("rocket/Cargo.toml", "[package]\nname = \"r\"\n[dependencies]\nrocket = \"0.5\"\n"), ("rocket/src/main.rs", ""),
            ("page/Site.csproj", "<Project Sdk=\"Microsoft.NET.Sdk.Worker\"></Project>"),
        })
            _folder.Write($"work/{name}", text);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("init"));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("blueprint", "validate"));
        Assert.Contains("render.yaml is valid.\n", _terminal.Out.ToString(), StringComparison.Ordinal);
        var written = File.ReadAllText(_folder["work/render.yaml"]);
        Assert.Contains("      # the settings read it\n      - key: SECRET_KEY\n        generateValue: true\n", written, StringComparison.Ordinal);
        Assert.Contains("  - name: admin-db\n  - name: api-db\n", written, StringComparison.Ordinal);
        Assert.Contains("    # react-router-dom has routes that exist in the browser only\n    routes:\n", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("render.yaml")]
    [InlineData("render.yml")]
    public async Task A_file_that_exists_is_overwritten_only_with_force(string name)
    {
        _folder.Write("work/package.json", Express);
        _folder.Write($"work/{name}", "services: []\n");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("init"));
        Assert.Contains($"{name} already exists.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("services: []\n", File.ReadAllText(_folder[$"work/{name}"]));
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("init", "--force"));
        Assert.Contains("startCommand: node app.js", File.ReadAllText(_folder["work/render.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scripts_get_what_was_written_as_json()
    {
        _folder.Write("shop/package.json", Express);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("init", _folder["shop"], "--json"));
        using var json = JsonDocument.Parse(_terminal.Out.ToString());
        Assert.Equal(_folder["shop/render.yaml"], json.RootElement.GetProperty("file").GetString());
        var service = json.RootElement.GetProperty("services")[0];
        Assert.Equal(("shop", "web_service"), (service.GetProperty("name").GetString(), service.GetProperty("type").GetString()));
        Assert.Equal("node app.js", service.GetProperty("startCommand").GetProperty("value").GetString());
        Assert.Equal("this is the script start in package.json", service.GetProperty("startCommand").GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, service.GetProperty("healthCheckPath").ValueKind);
    }

    [Fact]
    public async Task Nothing_is_written_where_nothing_is_recognized()
    {
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("init"));
        Assert.Contains($"{_folder["work"]} is empty.", _terminal.Error.ToString(), StringComparison.Ordinal);
        _folder.Write("work/notes.txt", "");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("init"));
        Assert.Contains($"Portico recognizes no app in {_folder["work"]}.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("init", "nowhere"));
        Assert.Contains("'nowhere' is not a directory.", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["work/render.yaml"]));
    }

    [Fact]
    public async Task What_only_a_container_engine_runs_is_said()
    {
        _folder.Write("work/Dockerfile", "FROM php\n");
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("init"));
        Assert.Contains("note: A Dockerfile needs a container engine", _terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("  # Note: A Dockerfile needs a container engine", File.ReadAllText(_folder["work/render.yaml"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_pipes_are_not_read()
    {
        _folder.Write("elsewhere/package.json", Express);
        _folder.Write("work/notes.txt", "");
        File.CreateSymbolicLink(_folder["work/package.json"], _folder["elsewhere/package.json"]);
        Directory.CreateSymbolicLink(_folder["work/app"], _folder["elsewhere"]);
        using var made = System.Diagnostics.Process.Start("mkfifo", _folder["work/requirements.txt"]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("init"));
        Assert.Contains("recognizes no app", _terminal.Error.ToString(), StringComparison.Ordinal);
    }
}
