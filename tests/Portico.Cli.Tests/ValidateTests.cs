using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary><c>blueprint validate</c> works without a server, and starts none.</summary>
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
        Assert.Empty(_terminal.Error.ToString());
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
