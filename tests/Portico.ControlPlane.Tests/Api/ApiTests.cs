using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>The API over real HTTP, as a stranger and as the owner.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimPlatform Platform => _host.Platform;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_stranger_gets_nothing_that_needs_a_key()
    {
        var endpoints = _host.Endpoints;
        Assert.True(endpoints.Count >= 10);
        foreach (var endpoint in endpoints.Where(item => item.Metadata.GetMetadata<IAllowAnonymous>() is null))
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
                await AssertRefusedAsync(method, endpoint.RoutePattern.RawText!.Replace("{name}", "api", StringComparison.Ordinal).Replace("{commit}", new string('a', 40), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_status_page_names_nothing_of_the_users()
    {
        await Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        var page = await _host.Stranger.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        Assert.Contains("Portico is running", page, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_is_its_owners_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, await Task.FromResult(File.GetUnixFileMode(Platform.Paths.ApiKey)));

    [Theory]
    [InlineData("{\"blueprint\": ")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"blueprint\": null}")]
    [InlineData("{\"blueprint\": 5}")]
    public async Task A_malformed_body_is_refused_with_a_message(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _host.Owner.PostAsync(new Uri("/portico/v1/blueprints/apply", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await ApiHost.ErrorAsync(response, Token);
    }

    [Fact]
    public async Task What_a_body_leaves_out_has_its_default()
    {
        using var content = new StringContent("{\"blueprint\": \"services: []\", \"dryRun\": true}", Encoding.UTF8, "application/json");
        using var response = await _host.Owner.PostAsync(new Uri("/portico/v1/blueprints/apply", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/portico/v1/logs?resource=nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "/portico/v1/logs", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/portico/v1/logs?resource=a&tail=-1", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/portico/v1/logs?resource=a&tail=10001", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/portico/v1/logs?resource=a&tail=many", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/portico/v1/services/nobody/restart", HttpStatusCode.NotFound)]
    [InlineData("GET", "/portico/v1/connections/nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "/portico/v1/sources/nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/portico/v1/sources/nothing", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/portico/v1/no-such-thing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/portico/v1/status", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_there_or_not_possible_is_told_in_one_shape(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await _host.Owner.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
        await ApiHost.ErrorAsync(response, Token);
    }

    [Fact]
    public async Task Status_tells_what_was_applied()
    {
        using var client = new PlatformClient(_host.Owner);
        var request = new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First };
        await Platform.ApplyAsync(request with { DryRun = true }, Token);
        Assert.False((await client.ApplyAsync(new ApplyBlueprint { Blueprint = "what: is this" }, Token)).Applied);
        Assert.True((await client.ApplyAsync(request, Token)).Applied);
        await Platform.PassAsync(Token);
        var status = await client.GetStatusAsync(Token);
        Assert.Equal(["api", "cache", "db", "web", "worker"], status.Resources.Select(resource => resource.Name).Order());
        Assert.Equal("deploying", status.Resources.Single(resource => resource.Name == "api").Status);
        Assert.Equal("waiting for db", status.Resources.Single(resource => resource.Name == "api").Progress!.Phase);
        var connection = await client.GetConnectionAsync("db", Token);
        Assert.StartsWith("postgresql://", connection.InternalConnectionString, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(string method, string path)
    {
        foreach (var key in (string?[])[null, "wrong", ""])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (key is not null)
                request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
            using var response = await _host.Stranger.SendAsync(request, Token);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {response.StatusCode} to a stranger.");
            await ApiHost.ErrorAsync(response, Token);
        }
    }
}
