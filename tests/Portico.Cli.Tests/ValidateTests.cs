using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary><c>blueprint validate</c> works without a server, starts none, and asks one that runs.</summary>
public sealed class ValidateTests : IDisposable
{
    private const string Good = "services:\n  - type: web\n    name: api\n    runtime: node\n    buildCommand: npm ci\n    startCommand: node .\n";

    private readonly TempFolder _folder = new();
    private readonly Terminal _terminal;

    public ValidateTests() => _terminal = new Terminal(_folder);

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_good_file_is_said_to_be_good()
    {
        _folder.Write("work/render.yaml", Good);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("blueprint", "validate"));
        Assert.Equal("render.yaml is valid.\n", _terminal.Out.ToString());
        Assert.StartsWith("Portico is not running, so this did not check", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runtime: docker\n", "needs a container engine")]
    [InlineData("runtime: image\n    image: {url: redis}\n", "needs a container engine")]
    [InlineData("runtime: node\n    startCommand: node .\n    region: mars\n", "unknown region 'mars'")]
    public async Task What_cannot_run_on_any_machine_is_never_said_to_be_valid(string field, string problem)
    {
        _folder.Write("work/render.yaml", $"services:\n  - type: web\n    name: api\n    {field}");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate"));
        Assert.Contains(problem, _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_terminal.Out.ToString());
    }

    [Fact]
    public async Task A_running_server_says_what_this_machine_can_run()
    {
        _folder.Write("work/render.yaml", Good);
        await using var server = await FakeServer.StartAsync(_folder);
        server.Apply = request => (422, Given.Refused(new BlueprintDiagnostic("error", "engine-cannot", "node is not installed", "", 4, 5, null)));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate"));
        Assert.Contains("node is not installed", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.True(server.Applied.Single().DryRun);
    }

    [Fact]
    public async Task A_file_of_another_tool_is_named()
    {
        _folder.Write("work/docker-compose.yml", "services:\n  web:\n    image: nginx\n");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate", "docker-compose.yml"));
        Assert.Contains("docker-compose.yml:1:1: error: this is a Docker Compose file, not a Blueprint", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate"));
        Assert.Contains("There is no render.yaml in", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Portico does not read its docker-compose.yml.", _terminal.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_file_ends_with_2_and_its_places()
    {
        _folder.Write("work/bad.yaml", Good.Replace("runtime", "runtim", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate", "bad.yaml"));
        Assert.Contains("bad.yaml:4:5: error:", _terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("did you mean", _terminal.Error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_terminal.Out.ToString());
    }

    [Fact]
    public async Task Scripts_get_the_diagnostics_as_json()
    {
        _folder.Write("work/render.yaml", "services: [\n");
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("blueprint", "validate", "--json"));
        using var json = JsonDocument.Parse(_terminal.Out.ToString());
        Assert.False(json.RootElement.GetProperty("valid").GetBoolean());
        Assert.Equal("error", json.RootElement.GetProperty("diagnostics")[0].GetProperty("severity").GetString());
    }
}
