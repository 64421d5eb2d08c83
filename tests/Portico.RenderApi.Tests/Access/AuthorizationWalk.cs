using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.Core.Access;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Access;

/// <summary>Every route that exists, found by reflection, is tried by those who must not pass.</summary>
public sealed class AuthorizationWalk(ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>What strangers may see. A route is added here by a decision, never to make this test pass.</summary>
    private static readonly string[] Open =
    [
        "GET /", "HEAD /", "GET /reference", "HEAD /reference", "GET /openapi/{documentName}.json", "GET /device", "HEAD /device", "POST /device",
        // Pages at the addresses of the dashboard. They are the same for every id.
        .. ((string[])["static", "web", "pserv", "worker", "cron", "d", "r"]).SelectMany(kind => (string[])[$"GET /{kind}/{{id}}", $"HEAD /{kind}/{{id}}"]),
        "POST /v1/device-grant", "POST /v1/device-token", "POST /v1/token/refresh", "POST /v1/oauth/revoke",
        // They do nothing without the token of an invitation.
        "GET /join", "POST /join", "POST /portico/v1/invitations/accept",
        // It does nothing without an API key or the code of a link.
        "POST /portico/v1/sessions",
        // They ask for a secret of the service's own, and do nothing without it.
        "POST /hooks/git/{serviceId}", "GET /deploy/{serviceId}", "POST /deploy/{serviceId}",
    ];

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
            var answer = await request.SendAsync(_server.Client, authorization, Token);
            if (answer.Status != 401 || AnswerCheck.RefusalProblems(answer).Any())
                passed.Add($"{request} answered {answer.Status} {answer.Text}");
        }
        output.WriteLine($"{requests.Count} requests with {what}.");
        Assert.True(requests.Count >= 15);
        AssertNone(passed);
    }

    [Fact]
    public async Task A_revoked_or_expired_key_opens_nothing()
    {
        foreach (var someone in _server.Cast.Former)
            await Nobody_gets_in_with(someone.Name, $"Bearer {someone.Key}");
    }

    [Fact]
    public async Task A_role_is_let_through_exactly_where_it_has_the_permission()
    {
        var wrong = new List<string>();
        foreach (var (role, member) in _server.Cast.Members)
            foreach (var endpoint in _server.Endpoints.Where(endpoint => !IsOpen(endpoint) && !Routes.Of(endpoint).Any(Routes.Unsafe.Contains)))
            {
                var needed = endpoint.Metadata.GetMetadata<NeedsPermission>()!;
                var allowed = !needed.OfOwner && role.Allows(needed.Permission);
                foreach (var request in WalkedRequests.For(endpoint))
                {
                    var answer = await request.SendAsync(_server.Client, $"Bearer {member.Key}", Token);
                    if (answer.Status == 403 == allowed || answer.Status is 401 or >= 500)
                        wrong.Add($"{request} answered {answer.Status} to {member}: {answer.Text}");
                }
            }
        AssertNone(wrong);
    }

    [Fact]
    public async Task An_admin_of_another_workspace_reaches_nothing_of_this_one()
    {
        var world = await World.CreateAsync(_server.Platform, Token);
        var theirs = world.AllIds.Append(_server.Platform.Workspace).ToList();
        var wrong = new List<string>();
        foreach (var request in _server.Endpoints.Where(endpoint => !IsOpen(endpoint)).SelectMany(endpoint => WalkedRequests.For(endpoint, world.IdFor)))
        {
            var query = $"resource={world.Api}&ownerId={_server.Platform.Workspace}&serviceId={world.Api}&projectId={world.AllIds.First()}";
            foreach (var walked in (WalkedRequest[])[request, request with { Path = $"{request.Path}?{query}" }])
            {
                var answer = await walked.SendAsync(_server.Client, $"Bearer {_server.Cast.Foreigner.Key}", Token);
                if (answer.Status >= 500 || (answer.Status < 400 && (theirs.Any(request.Path.Contains) || theirs.Any(answer.Text.Contains))))
                    wrong.Add($"{walked} answered {answer.Status}: {answer.Text}");
            }
        }
        AssertNone(wrong);
    }

    private static void AssertNone(List<string> wrong) => Assert.True(wrong.Count == 0, string.Join("\n", wrong));

    private static bool IsOpen(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}
