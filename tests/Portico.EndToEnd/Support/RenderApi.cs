using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Portico.EndToEnd.Support;

/// <summary>A platform's <c>/v1</c>, as its owner.</summary>
internal static class RenderApi
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static Task<JsonElement> GetAsync(TestPlatform platform, string path) => SendAsync(platform, HttpMethod.Get, path, null);

    public static Task<JsonElement> PutAsync(TestPlatform platform, string path, object body) => SendAsync(platform, HttpMethod.Put, path, body);

    /// <summary>Its deploys, newest first, as <c>id status</c>.</summary>
    public static async Task<IReadOnlyList<string>> DeploysAsync(TestPlatform platform, string service) =>
        [.. (await GetAsync(platform, $"services/{service}/deploys?limit=20")).EnumerateArray().Select(item => item.GetProperty("deploy"))
            .Select(deploy => $"{deploy.GetProperty("id").GetString()} {deploy.GetProperty("status").GetString()}")];

    private static async Task<JsonElement> SendAsync(TestPlatform platform, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, $"http://localhost:{platform.Port}/v1/{path}");
        request.Content = body is null ? null : JsonContent.Create(body);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), Token)).Trim());
        using var response = await platform.Http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
