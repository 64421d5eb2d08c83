using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>The API over real HTTP, as a stranger and as the owner.</summary>
public sealed class ApiTests : IAsyncLifetime
{
    private SimPlatform _platform = null!;
    private WebApplication _app = null!;
    private HttpClient _stranger = null!;
    private HttpClient _owner = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await SimPlatform.StartAsync(Token);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var before = builder.Services.ToHashSet();
        _platform.Register(builder.Services);
        // Requests are the subject here: nothing is to run in the background.
        foreach (var hosted in builder.Services.Where(item => item.ServiceType == typeof(IHostedService) && !before.Contains(item)).ToList())
            builder.Services.Remove(hosted);
        builder.Services.AddSingleton(new EdgeProgram("/nowhere", "/nowhere")).AddSingleton<EdgeHost>().AddSingleton<PlatformStopper>();
        builder.Services.AddControlPlaneApi(_platform.Paths);
        _app = builder.Build();
        _app.UseControlPlaneApi();
        await _app.StartAsync(Token);
        var address = new Uri(_app.Urls.Single());
        _stranger = new HttpClient { BaseAddress = address };
        _owner = new HttpClient { BaseAddress = address };
        _app.Services.GetRequiredService<Access.OwnerKey>();
        _owner.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_platform.Paths.ApiKey, Token)).Trim());
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        _owner.Dispose();
        await _app.DisposeAsync();
        await _platform.DisposeAsync();
    }

    [Fact]
    public async Task A_stranger_gets_nothing_but_the_status_page()
    {
        var endpoints = _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        Assert.True(endpoints.Count >= 10);
        foreach (var endpoint in endpoints.Where(item => item.Metadata.GetMetadata<IAllowAnonymous>() is null))
            foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
                await AssertRefusedAsync(method, endpoint.RoutePattern.RawText!.Replace("{name}", "api", StringComparison.Ordinal).Replace("{commit}", new string('a', 40), StringComparison.Ordinal));
        Assert.Equal(["/"], endpoints.Where(item => item.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(item => item.RoutePattern.RawText));
    }

    [Fact]
    public async Task The_status_page_names_nothing_of_the_users()
    {
        await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        var page = await _stranger.GetStringAsync(new Uri("/", UriKind.Relative), Token);
        Assert.Contains("Portico is running", page, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_file_is_its_owners_alone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, await Task.FromResult(File.GetUnixFileMode(_platform.Paths.ApiKey)));

    [Theory]
    [InlineData("{\"blueprint\": ")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"blueprint\": null}")]
    [InlineData("{\"blueprint\": 5}")]
    public async Task A_malformed_body_is_refused_with_a_message(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _owner.PostAsync(new Uri("/portico/v1/blueprints/apply", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AssertErrorAsync(response);
    }

    [Fact]
    public async Task What_a_body_leaves_out_has_its_default()
    {
        using var content = new StringContent("{\"blueprint\": \"services: []\", \"dryRun\": true}", Encoding.UTF8, "application/json");
        using var response = await _owner.PostAsync(new Uri("/portico/v1/blueprints/apply", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/portico/v1/logs?resource=nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "/portico/v1/logs", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/portico/v1/logs?resource=a&tail=-1", HttpStatusCode.BadRequest)]
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
        using var response = await _owner.SendAsync(request, Token);
        Assert.Equal(expected, response.StatusCode);
        await AssertErrorAsync(response);
    }

    [Fact]
    public async Task Status_tells_what_was_applied()
    {
        using var client = new PlatformClient(_owner);
        var request = new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First };
        await _platform.ApplyAsync(request with { DryRun = true }, Token);
        Assert.False((await client.ApplyAsync(new ApplyBlueprint { Blueprint = "what: is this" }, Token)).Applied);
        Assert.True((await client.ApplyAsync(request, Token)).Applied);
        await _platform.PassAsync(Token);
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
            using var response = await _stranger.SendAsync(request, Token);
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {response.StatusCode} to a stranger.");
            await AssertErrorAsync(response);
        }
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response)
    {
        var error = await response.Content.ReadFromJsonAsync(PlatformJson.Default.ApiError, Token);
        Assert.NotEmpty(error!.Id);
        Assert.NotEmpty(error.Message);
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }
}
