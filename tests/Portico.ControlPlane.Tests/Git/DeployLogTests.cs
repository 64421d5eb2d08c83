using System.Net;
using Portico.ControlPlane.Tests.Api;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>What a deploy's log says beside what a build prints.</summary>
public sealed class DeployLogTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_source_that_cannot_be_fetched_leaves_a_log_that_says_why_and_no_secret()
    {
        var repo = "https://user:hunter2@127.0.0.1:1/me/app.git";
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"web_service","name":"app","ownerId":"{{_host.Platform.Workspace}}","repo":"{{repo}}","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"serve"} } }
            """);
        await _host.Platform.SettleAsync(Token);
        var log = await _host.Owner.GetStringAsync(new Uri("/portico/v1/logs?resource=app&build=true", UriKind.Relative), Token);
        Assert.Contains("Cloning from https://127.0.0.1:1/me/app.git, branch main", Plain(log), StringComparison.Ordinal);
        Assert.Contains("Deploy failed", log, StringComparison.Ordinal);
        Assert.Contains("fetch source", log, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", log, StringComparison.Ordinal);
        var last = await _host.Owner.GetStringAsync(new Uri("/portico/v1/logs?resource=app&build=true&tail=1", UriKind.Relative), Token);
        Assert.Single(last.TrimEnd().Split('\n'));
    }

    private static string Plain(string json) => json.Replace("\\u003E", ">", StringComparison.Ordinal);
}
