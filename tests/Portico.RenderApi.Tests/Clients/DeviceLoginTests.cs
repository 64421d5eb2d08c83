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

    private async Task<Conformance.Answer> PostAsync(string path, string json)
    {
        SkipUnlessThereIs($"POST /v1{path}");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return await SendAsync("POST", path, content, Someone.Stranger);
    }
}
