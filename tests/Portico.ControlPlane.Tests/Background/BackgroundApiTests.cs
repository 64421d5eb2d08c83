using System.Net;
using System.Net.Http.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Background;

public sealed class BackgroundApiTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_owner_sees_which_items_fail_since_when_and_why()
    {
        var token = TestContext.Current.CancellationToken;
        var items = new ItemRetries("deploy", _host.Platform.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        _host.Get<LoopRegistry>().Get("deploys").Include(items);
        items.Failed("dep-1", new IOException("The engine does not answer."));

        var report = await _host.Owner.GetFromJsonAsync("/portico/v1/background", PlatformJson.Default.BackgroundReport, token);

        var item = Assert.Single(report!.Server.Single(loop => loop.Name == "deploys").Items);
        Assert.Equal(("dep-1", 1, "The engine does not answer."), (item.Item, item.Attempts, item.Message));
        Assert.Equal(_host.Platform.Time.GetUtcNow() + TimeSpan.FromSeconds(1), item.RetryAt);
    }

    [Fact]
    public async Task Metrics_count_the_requests_to_the_server()
    {
        var token = TestContext.Current.CancellationToken;
        _host.Get<ServerMetrics>();
        for (var i = 0; i < 20; i++)
            await _host.Owner.GetStringAsync("/v1/owners", token);
        // Another server in the process has meters with the same names.
        await using var other = await ApiHost.StartAsync(token);
        await other.Owner.GetStringAsync("/v1/owners", token);

        var text = await _host.Owner.GetStringAsync("/portico/v1/metrics", token);

        Assert.Contains("portico_queue_length{queue=\"deploys\"} 0", text, StringComparison.Ordinal);
        var counted = text.Split('\n').Single(line => line.StartsWith("http_server_request_duration_count{", StringComparison.Ordinal)
            && line.Contains("http_route=\"/v1/owners\"", StringComparison.Ordinal));
        Assert.EndsWith(" 20", counted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/portico/v1/background")]
    [InlineData("/portico/v1/metrics")]
    public async Task Nobody_else_sees_them(string path)
    {
        var token = TestContext.Current.CancellationToken;
        using var admin = await _host.MemberAsync(Role.Admin, _host.Platform.Workspace, token);

        Assert.Equal(HttpStatusCode.Forbidden, (await admin.GetAsync(path, token)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _host.Stranger.GetAsync(path, token)).StatusCode);
    }
}
