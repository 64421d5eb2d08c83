using System.Net;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>What a person sees who opens an address of the platform in a browser, without a key.</summary>
public sealed class BrowserPageTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("/no-such-page")]
    [InlineData("/favicon.ico")]
    [InlineData("/web")]
    [InlineData("/web/srv-1/deploys/x")]
    [InlineData("/%3Cscript%3E")]
    public async Task An_unknown_address_is_a_page_that_says_so(string path)
    {
        using var page = await SendAsync(HttpMethod.Get, path, "text/html,application/xhtml+xml,*/*;q=0.8");
        var text = await page.Content.ReadAsStringAsync(Token);

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Contains("Page not found", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/no-such-page", "application/json")]
    [InlineData("GET", "/no-such-page", "*/*")]
    [InlineData("POST", "/no-such-page", "text/html")]
    [InlineData("GET", "/v1/services", "text/html")]
    public async Task A_program_and_the_api_are_asked_for_a_key_all_the_same(string method, string path, string accept)
    {
        using var answer = await SendAsync(new HttpMethod(method), path, accept);

        Assert.Equal((HttpStatusCode.Unauthorized, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/reference")]
    [InlineData("/device")]
    [InlineData("/web/srv-00000000000000000000")]
    public async Task A_monitor_may_ask_with_HEAD(string path)
    {
        using var answer = await SendAsync(HttpMethod.Head, path, "*/*");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task The_dashboard_address_of_every_resource_opens_a_page_that_says_nothing_of_it()
    {
        await _host.Platform.ApplyAsync(new() { Blueprint = Crash.Scenario.Blueprint, Commit = Crash.UploadedSource.First }, Token);
        var addresses = new List<string>();
        foreach (var list in (string[])["services", "postgres", "key-value"])
            addresses.AddRange((await Render.ApiCalls.GetJsonAsync(_host.Owner, $"/v1/{list}?limit=100")).EnumerateArray()
                .Select(item => item.EnumerateObject().First(property => property.Name != "cursor").Value)
                .Where(item => item.TryGetProperty("dashboardUrl", out _)).Select(item => item.GetProperty("dashboardUrl").GetString()!));
        Assert.NotEmpty(addresses);
        foreach (var address in addresses)
        {
            var path = new Uri(address).AbsolutePath;
            using var page = await SendAsync(HttpMethod.Get, path, "text/html");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            using var other = await SendAsync(HttpMethod.Get, path[..^1] + "~", "text/html");
            Assert.Equal((await page.Content.ReadAsStringAsync(Token)).Length, (await other.Content.ReadAsStringAsync(Token)).Length);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string accept)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _host.Stranger.SendAsync(request, Token);
    }
}
