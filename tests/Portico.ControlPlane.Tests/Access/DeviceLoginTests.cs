using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Access;

/// <summary>The sequence of Render's command: JSON bodies that are sent as a form's.</summary>
public sealed class DeviceLoginTests : IAsyncLifetime
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_client_gets_in_refreshes_and_leaves()
    {
        var grant = await BeginAsync();
        Assert.Equal(900, grant.GetProperty("expires_in").GetInt32());
        Assert.True(grant.GetProperty("interval").GetInt32() > 0);
        Assert.EndsWith($"/device?user_code={grant.Text("user_code")}", grant.Text("verification_uri_complete"), StringComparison.Ordinal);

        var pending = await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.BadRequest);
        Assert.Equal("authorization_pending", pending.Text("error"));
        Assert.NotEmpty(pending.Text("message"));
        await ApproveAsync(grant);
        var tokens = await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.OK);
        Assert.Equal("Bearer", tokens.Text("token_type"));
        using var client = _host.Client(tokens.Text("access_token"));
        Assert.Equal("owner@localhost", (await client.ReadAsync("/v1/users")).Text("email"));

        var refreshed = await PostAsync("/v1/token/refresh/", Refresh(tokens), HttpStatusCode.OK);
        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        using var again = _host.Client(refreshed.Text("access_token"));
        await again.ReadAsync("/v1/users");

        await PostAsync("/v1/oauth/revoke", $$"""{"token":"{{refreshed.Text("access_token")}}"}""", HttpStatusCode.NoContent);
        await again.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await PostAsync("/v1/token/refresh/", Refresh(refreshed), HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_device_code_is_good_once_and_for_a_quarter_of_an_hour()
    {
        var used = await LoginAsync(await BeginAsync());
        Assert.NotEmpty(used.Tokens.Text("access_token"));
        var again = await PostAsync("/v1/device-token", TokenRequest(used.Grant), HttpStatusCode.BadRequest);
        var late = await BeginAsync();
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("expired_token", again.Text("error"));
        await _host.Owner.CallAsync(
            HttpMethod.Post, "/portico/v1/logins/approve", HttpStatusCode.BadRequest, $$"""{"userCode":"{{late.Text("user_code")}}"}""");
        Assert.Equal("expired_token", (await PostAsync("/v1/device-token", TokenRequest(late), HttpStatusCode.BadRequest)).Text("error"));
    }

    [Fact]
    public async Task A_refresh_token_that_comes_back_later_ends_the_login()
    {
        var (_, tokens) = await LoginAsync(await BeginAsync());
        var refreshed = await PostAsync("/v1/token/refresh/", Refresh(tokens), HttpStatusCode.OK);
        using var client = _host.Client(refreshed.Text("access_token"));

        await PostAsync("/v1/token/refresh/", Refresh(tokens), HttpStatusCode.BadRequest);
        await client.ReadAsync("/v1/users");
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(1));
        await PostAsync("/v1/token/refresh/", Refresh(tokens), HttpStatusCode.BadRequest);

        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_ends_after_an_hour()
    {
        var (_, tokens) = await LoginAsync(await BeginAsync());
        using var client = _host.Client(tokens.Text("access_token"));
        _host.Platform.Time.Advance(TimeSpan.FromHours(1));

        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_login_is_seen_and_revoked_like_a_key()
    {
        var (_, tokens) = await LoginAsync(await BeginAsync());
        var key = (await _host.Owner.ReadAsync("/portico/v1/keys"))[0];
        Assert.Equal(("login", "the-command"), (key.Text("kind"), key.Text("name")));

        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{key.Text("id")}", HttpStatusCode.NoContent);

        using var client = _host.Client(tokens.Text("access_token"));
        await client.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await PostAsync("/v1/token/refresh/", Refresh(tokens), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("/v1/device-grant", "{}")]
    [InlineData("/v1/device-grant", "[]")]
    [InlineData("/v1/device-grant", "{\"client_id\":")]
    [InlineData("/v1/device-grant", "client_id=form")]
    [InlineData("/v1/device-grant", "{\"client_id\":\"\\ud800\"}")]
    [InlineData("/v1/device-token", "{\"grant_type\":\"password\"}")]
    [InlineData("/v1/device-token", "{\"grant_type\":\"urn:ietf:params:oauth:grant-type:device_code\",\"device_code\":\"guess\"}")]
    [InlineData("/v1/token/refresh/", "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"guess\"}")]
    public async Task What_cannot_be_is_refused(string path, string body)
    {
        var error = await PostAsync(path, body, HttpStatusCode.BadRequest);

        Assert.NotEmpty(error.Text("id"));
        Assert.NotEmpty(error.Text("message"));
    }

    [Fact]
    public async Task The_page_lets_in_with_a_code_and_a_key()
    {
        var grant = await BeginAsync();
        using var viewer = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        var page = await _host.Stranger.GetStringAsync(new Uri($"/device?user_code={grant.Text("user_code")}", UriKind.Relative), Token);
        Assert.Contains($"value=\"{grant.Text("user_code")}\"", page, StringComparison.Ordinal);

        var typed = grant.Text("user_code").ToLowerInvariant().Replace('-', ' ');
        Assert.Equal(HttpStatusCode.Unauthorized, await FormAsync(typed, "wrong"));
        Assert.Equal(HttpStatusCode.BadRequest, await FormAsync("BBBB-BBBB", KeyOf(viewer)));
        Assert.Equal(HttpStatusCode.Forbidden, await FormAsync(typed, KeyOf(viewer), "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await FormAsync(typed, KeyOf(viewer), "null"));
        await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.BadRequest);
        Assert.Equal(HttpStatusCode.OK, await FormAsync(typed, KeyOf(viewer)));

        var tokens = await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.OK);
        using var client = _host.Client(tokens.Text("access_token"));
        Assert.Equal("Viewer", (await client.ReadAsync("/v1/users")).Text("name"));
    }

    [Fact]
    public async Task The_page_takes_nothing_for_markup_and_is_framed_by_nobody()
    {
        using var response = await _host.Stranger.GetAsync(new Uri("/device?user_code=%22%3E%3Cscript%3E", UriKind.Relative), Token);

        Assert.DoesNotContain("<script>", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asks_is_shown_before_anything_is_approved()
    {
        var grant = await BeginAsync("203.0.113.9");
        _host.Platform.Time.Advance(TimeSpan.FromMinutes(3));
        using var request = Form(grant.Text("user_code"), null, ("api_key", KeyOf(_host.Owner)));

        using var response = await _host.Stranger.SendAsync(request, Token);
        var page = await response.Content.ReadAsStringAsync(Token);

        Assert.Contains("the-command", page, StringComparison.Ordinal);
        Assert.Contains("203.0.113.9", page, StringComparison.Ordinal);
        Assert.Contains("3 min", page, StringComparison.Ordinal);
        await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.BadRequest);
        var shown = await _host.Owner.ReadAsync($"/portico/v1/logins/{grant.Text("user_code")}");
        Assert.Equal(("the-command", "203.0.113.9"), (shown.Text("clientId"), shown.Text("address")));
        await _host.Owner.CallAsync(HttpMethod.Get, "/portico/v1/logins/BBBB-BBBB", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Strangers_never_take_all_waiting_places()
    {
        for (var number = 0; number < DeviceLogin.MostOfNetwork; number++)
            await BeginAsync("203.0.113.9");
        Assert.Equal("slow_down", (await GrantAsync("203.0.113.9", HttpStatusCode.BadRequest)).Text("error"));
        var patient = await BeginAsync("198.51.100.1");
        for (var number = 0; number < DeviceLogin.MostWaiting; number++)
            await BeginAsync($"2001:db8:{number / DeviceLogin.MostOfNetwork:x}::{number:x}");

        await BeginAsync("192.0.2.1");

        await ApproveAsync(patient);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Equal(DeviceLogin.MostWaiting, await db.DeviceGrants.CountAsync(Token));
    }

    [Fact]
    public async Task A_login_ends_with_the_key_that_approved_it_and_ends_the_keys_that_it_created()
    {
        var secret = (await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, """{"name":"laptop"}""")).Text("secret");
        using var laptop = _host.Client(secret);
        var (first, second) = (await LoginAsync(await BeginAsync(), laptop), await LoginAsync(await BeginAsync(), laptop));
        using var client = _host.Client(first.Tokens.Text("access_token"));
        using var kept = _host.Client((await client.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, """{"name":"kept"}""")).Text("secret"));
        await kept.ReadAsync("/v1/users");

        await PostAsync("/v1/oauth/revoke", $$"""{"token":"{{first.Tokens.Text("refresh_token")}}"}""", HttpStatusCode.NoContent);
        await kept.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);

        using var other = _host.Client(second.Tokens.Text("access_token"));
        await other.ReadAsync("/v1/users");
        var id = (await _host.Owner.ReadAsync("/portico/v1/keys")).EnumerateArray().Single(key => key.Text("name") == "laptop").Text("id");
        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{id}", HttpStatusCode.NoContent);
        await other.CallAsync(HttpMethod.Get, "/v1/users", HttpStatusCode.Unauthorized);
        await PostAsync("/v1/token/refresh/", Refresh(second.Tokens), HttpStatusCode.BadRequest);
    }

    private Task<JsonElement> BeginAsync(string address) => GrantAsync(address, HttpStatusCode.OK);

    private async Task<JsonElement> GrantAsync(string address, HttpStatusCode expected)
    {
        using var client = _host.Client(null);
        client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
        return await client.CallAsync(HttpMethod.Post, "/v1/device-grant", expected, """{"client_id":"the-command"}""");
    }

    private Task<JsonElement> BeginAsync() => PostAsync("/v1/device-grant", """{"client_id":"the-command"}""", HttpStatusCode.OK);

    private Task<JsonElement> ApproveAsync(JsonElement grant, HttpClient? by = null) => (by ?? _host.Owner).CallAsync(
        HttpMethod.Post, "/portico/v1/logins/approve", HttpStatusCode.OK, $$"""{"userCode":"{{grant.Text("user_code")}}"}""");

    private async Task<(JsonElement Grant, JsonElement Tokens)> LoginAsync(JsonElement grant, HttpClient? by = null)
    {
        await ApproveAsync(grant, by);
        return (grant, await PostAsync("/v1/device-token", TokenRequest(grant), HttpStatusCode.OK));
    }

    private static string TokenRequest(JsonElement grant) =>
        $$"""{"grant_type":"{{DeviceGrant}}","client_id":"the-command","device_code":"{{grant.Text("device_code")}}"}""";

    private static string Refresh(JsonElement tokens) =>
        $$"""{"grant_type":"refresh_token","refresh_token":"{{tokens.Text("refresh_token")}}"}""";

    private static string KeyOf(HttpClient client) => client.DefaultRequestHeaders.Authorization!.Parameter!;

    private async Task<JsonElement> PostAsync(string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var response = await _host.Stranger.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{path}: {(int)response.StatusCode}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private async Task<HttpStatusCode> FormAsync(string code, string key, string? origin = null)
    {
        using var request = Form(code, origin, ("approve", "yes"), ("api_key", key));
        using var response = await _host.Stranger.SendAsync(request, Token);
        return response.StatusCode;
    }

    private HttpRequestMessage Form(string code, string? origin, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/device", UriKind.Relative))
        {
            Content = new FormUrlEncodedContent([new("user_code", code), .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
        };
        request.Headers.Add("Origin", origin ?? _host.Stranger.BaseAddress!.GetLeftPart(UriPartial.Authority));
        return request;
    }
}
