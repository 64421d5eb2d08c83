using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.Platform;

/// <summary>What <c>portico doctor</c> says about the languages of this machine.</summary>
public sealed class EngineReportTests : IAsyncLifetime
{
    private const string Blueprint = """
        services: [{ type: web, name: api, runtime: ruby, buildCommand: make, startCommand: serve }]
        databases: [{ name: db }]
        """;

    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_language_that_is_not_installed_is_a_warning_only_if_a_service_uses_it()
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Blueprint, Commit = Crash.UploadedSource.First }, Token);
        _host.Platform.World.MissingRuntimes.UnionWith(["ruby", "elixir"]);
        Assert.Equal(("warning", "Not installed, but used. The next deploy that needs it fails.", "install ruby"), await CheckAsync("ruby"));
        Assert.Equal(("ok", "Not installed, and nothing uses it. To install it: install elixir", null), await CheckAsync("elixir"));
        Assert.Equal("ok", (await CheckAsync("node")).Level);
        Assert.Equal("ok", (await CheckAsync("postgres")).Level);
    }

    private async Task<(string Level, string Message, string? Fix)> CheckAsync(string name)
    {
        var checks = (await _host.Owner.ReadAsync("/portico/v1/engine")).GetProperty("checks").EnumerateArray();
        var check = checks.Single(item => item.Text("name") == name);
        return (check.Text("level"), check.Text("message"), check.GetProperty("fix").GetString());
    }
}
