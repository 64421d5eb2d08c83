using System.Net.Http.Headers;
using System.Text;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>The device login, as Render's command does it: JSON bodies under the name of a form.</summary>
public sealed class DeviceLoginTests : ClientTest
{
    [Fact]
    public async Task A_login_waits_for_its_approval()
    {
        var grant = await PostAsync("/device-grant", """{"client_id": "cli"}""");
        Assert.Equal(200, grant.Status);
        var code = grant.Json!.Value.GetProperty("device_code").GetString();
        Assert.NotEmpty(grant.Json.Value.GetProperty("user_code").GetString()!);
        Assert.True(Uri.TryCreate(grant.Json.Value.GetProperty("verification_uri").GetString(), UriKind.Absolute, out _));
        Assert.Contains(grant.Json.Value.GetProperty("user_code").GetString()!, grant.Json.Value.GetProperty("verification_uri_complete").GetString(), StringComparison.Ordinal);
        Assert.True(grant.Json.Value.GetProperty("interval").GetInt32() > 0);
        Assert.True(grant.Json.Value.GetProperty("expires_in").GetInt32() > 0);

        var waiting = await PostAsync("/device-token", $$"""{"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli", "device_code": "{{code}}"}""");
        Assert.NotEqual(200, waiting.Status);
        Assert.Equal("authorization_pending", waiting.Json!.Value.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_code_that_nobody_gave_is_refused()
    {
        var answer = await PostAsync("/device-token", """{"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli", "device_code": "made-up"}""");
        Assert.InRange(answer.Status, 400, 499);
        Assert.NotEqual("authorization_pending", answer.Json!.Value.GetProperty("error").GetString());
    }

    [Fact]
    public async Task An_approved_login_gives_a_key_that_is_refreshed_and_revoked()
    {
        var grant = (await PostAsync("/device-grant", """{"client_id": "cli"}""")).Json!.Value;
        await ApproveAsync(grant.GetProperty("user_code").GetString()!);
        var tokens = await TokensAsync("/device-token", $$"""{"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli", "device_code": "{{grant.GetProperty("device_code").GetString()}}"}""");
        Assert.Equal(200, (await GetUserAsync(tokens.Access)).Status);
        var refreshed = await TokensAsync("/token/refresh/", $$"""{"grant_type": "refresh_token", "refresh_token": "{{tokens.Refresh}}"}""");
        Assert.Equal(200, (await GetUserAsync(refreshed.Access)).Status);
        using var revoke = new StringContent($$"""{"token": "{{refreshed.Access}}"}""", Encoding.UTF8, "application/json");
        Assert.Equal(204, (await SendAsync("POST", "/oauth/revoke", revoke, new Someone("the client", refreshed.Access))).Status);
        Assert.Equal(401, (await GetUserAsync(refreshed.Access)).Status);
    }

    [Fact]
    public async Task A_login_is_listed_with_its_client_and_its_machine()
    {
        Server.Client.DefaultRequestHeaders.UserAgent.ParseAdd("render-cli/1.4.0 (linux)");
        Server.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        var grant = (await PostAsync("/device-grant", """{"client_id": "429024F5E608930E2D3AE66B"}""")).Json!.Value;
        await ApproveAsync(grant.GetProperty("user_code").GetString()!);
        await TokensAsync("/device-token", $$"""{"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "cli", "device_code": "{{grant.GetProperty("device_code").GetString()}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portico/v1/keys");
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        var keys = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)).EnumerateArray().ToList();
        var login = Assert.Single(keys, key => key.GetProperty("kind").GetString() == "login");
        Assert.Equal("render-cli/1.4.0 (linux)", login.GetProperty("name").GetString());
        Assert.Equal("203.0.113.7", login.GetProperty("machine").GetString());
    }

    private async Task<(string Access, string Refresh)> TokensAsync(string path, string json)
    {
        var answer = await PostAsync(path, json);
        Assert.True(answer.Status == 200, answer.Text);
        Assert.NotEmpty(answer.Json!.Value.GetProperty("token_type").GetString()!);
        Assert.True(answer.Json.Value.GetProperty("expires_in").GetInt32() > 0);
        return (answer.Json.Value.GetProperty("access_token").GetString()!, answer.Json.Value.GetProperty("refresh_token").GetString()!);
    }

    private Task<Conformance.Answer> GetUserAsync(string key) => SendAsync("GET", "/users", null, new Someone("the client", key));

    private async Task ApproveAsync(string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/portico/v1/logins/approve") { Content = new StringContent($$"""{"userCode": "{{code}}"}""", Encoding.UTF8, "application/json") };
        using var response = await Server.SendAsync(request, Server.Cast.Owner, Token);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<Conformance.Answer> PostAsync(string path, string json)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return await SendAsync("POST", path, content, Someone.Stranger);
    }
}
