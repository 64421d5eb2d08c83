using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>Every route that exists, found by reflection, is tried by those who must not pass.</summary>
public sealed class AuthorizationWalk(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>What strangers may see. A route is added here by a decision, never to make this test pass.</summary>
    private static readonly string[] Open = ["GET /"];

    private RenderServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await RenderServer.StartAsync(Token);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Only_these_routes_are_open_to_strangers() =>
        Assert.Equal(Open.Order(StringComparer.Ordinal), _server.Endpoints.Where(IsOpen).SelectMany(Routes.Of).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_other_route_names_the_permission_that_it_needs() =>
        Assert.All(_server.Endpoints.Where(endpoint => !IsOpen(endpoint)), endpoint => Assert.NotNull(endpoint.Metadata.GetMetadata<NeedsPermission>()));

    [Theory]
    [InlineData("no key", null)]
    [InlineData("an empty key", "Bearer ")]
    [InlineData("a wrong key", "Bearer rnd_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("no key at all", "Bearer ' OR '1'='1")]
    [InlineData("another scheme", "Basic cm9vdDpyb290")]
    public async Task Nobody_gets_in_with(string what, string? authorization)
    {
        var requests = _server.Endpoints.Where(endpoint => !IsOpen(endpoint)).SelectMany(WalkedRequests.For).ToList();
        var passed = new List<string>();
        foreach (var request in requests)
        {
            var answer = await request.SendAsync(_server.Stranger, authorization, Token);
            if (answer.Status != 401 || AnswerCheck.RefusalProblems(answer).Any())
                passed.Add($"{request} answered {answer.Status} {answer.Text}");
        }
        output.WriteLine($"{requests.Count} requests with {what}.");
        Assert.True(requests.Count >= 15);
        Assert.Empty(passed);
    }

    private static bool IsOpen(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}
