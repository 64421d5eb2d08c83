using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>Health paths that do not behave.</summary>
public sealed class HealthTests : ProcessEngineTest
{
    [Fact]
    public async Task Redirect_is_healthy_and_is_not_followed()
    {
        var revision = Server("dep-1", "s.send_response(302),s.send_header('Location','/health'),s.end_headers()");
        await Engine.EnsureAsync(revision, 1, Token);
        Assert.Null((await UntilReadyAsync(revision.Id, 1)).Instances[0].Health);
    }

    [Fact]
    public async Task Answer_without_end_is_not_read()
    {
        var revision = Server("dep-1", "s.send_response(200),s.end_headers(),[s.wfile.write(b'x'*1000000) for _ in range(1000)]");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
    }

    [Fact]
    public async Task The_check_names_the_host_of_the_service_and_its_scheme()
    {
        var revision = Server(
            "dep-1", "s.send_response(200 if (s.headers['Host'],s.headers['X-Forwarded-Proto'])==('shop.example.org','https') else 400),s.end_headers()");
        await Engine.EnsureAsync(revision with { Health = new HealthCheck.Http("/health", "shop.example.org") }, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        var without = Server("dep-2", "s.send_response(200 if s.headers['X-Forwarded-Proto'] is None else 400),s.end_headers()");
        await Engine.EnsureAsync(without, 1, Token);
        await UntilReadyAsync(without.Id, 1);
    }

    [Fact]
    public async Task A_check_that_fails_tells_which_host_it_named()
    {
        var revision = Server("dep-1", "s.send_response(400),s.end_headers()");
        await Engine.EnsureAsync(revision with { Health = new HealthCheck.Http("/health", "shop.example.org") }, 1, Token);
        var snapshot = await UntilAsync(s => s.Instances is [{ Health.Answer: "answered with status 400" }], "it answers 400");
        Assert.EndsWith("/health (Host: shop.example.org)", snapshot.Instances[0].Health!.Asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s.send_response(404),s.end_headers()", "answered with status 404")]
    [InlineData("s.send_response(503),s.end_headers()", "answered with status 503")]
    [InlineData("__import__('time').sleep(60)", "got no answer within 5 s")]
    public async Task What_was_tried_is_told(string answer, string expected)
    {
        var revision = Server("dep-1", answer);
        await Engine.EnsureAsync(revision, 1, Token);
        var snapshot = await UntilAsync(s => s.Instances is [{ Health: { Answer: var words } }] && words == expected, expected);
        var instance = snapshot.Instances[0];
        Assert.StartsWith("GET http://", instance.Health!.Asked, StringComparison.Ordinal);
        Assert.EndsWith("/health", instance.Health.Asked, StringComparison.Ordinal);
        Assert.True(instance.Health.Tries > 0);
        Assert.Equal(InstanceStatus.Starting, instance.Status);
    }

    private Revision Server(string id, string answer)
    {
        var server = ShellServer(
            id, $$"""exec python3 -c "import http.server,os;http.server.ThreadingHTTPServer(('0.0.0.0',int(os.environ['PORT'])),type('H',(http.server.BaseHTTPRequestHandler,),{'do_GET':lambda s:({{answer}})})).serve_forever()" """);
        return server with { Health = new HealthCheck.Http("/health") };
    }
}
