using System.Net;
using System.Text;
using System.Text.Json;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Calls of the API as a script would make them: bodies are text, answers are JSON.</summary>
internal static class ApiCalls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<JsonElement> GetJsonAsync(this HttpClient client, string path) =>
        await client.SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK);

    public static Task<JsonElement> PostAsync(this HttpClient client, string path, string? body, HttpStatusCode expected = HttpStatusCode.Created) =>
        client.SendAsync(HttpMethod.Post, path, body, expected);

    public static Task<JsonElement> PatchAsync(this HttpClient client, string path, string body, HttpStatusCode expected = HttpStatusCode.OK) =>
        client.SendAsync(HttpMethod.Patch, path, body, expected);

    public static Task<JsonElement> PutAsync(this HttpClient client, string path, string body, HttpStatusCode expected = HttpStatusCode.OK) =>
        client.SendAsync(HttpMethod.Put, path, body, expected);

    public static Task<JsonElement> RemoveAsync(this HttpClient client, string path, HttpStatusCode expected = HttpStatusCode.NoContent) =>
        client.SendAsync(HttpMethod.Delete, path, null, expected);

    /// <summary>The message of a refusal.</summary>
    public static async Task<string> RefusedAsync(
        this HttpClient client, HttpMethod method, string path, string? body, HttpStatusCode expected = HttpStatusCode.BadRequest)
    {
        using var response = await RequestAsync(client, method, path, body);
        var error = await ApiHost.ErrorAsync(response, Token);
        Assert.True(expected == response.StatusCode, $"{(int)response.StatusCode}: {error.Message}");
        return error.Message;
    }

    private static async Task<JsonElement> SendAsync(this HttpClient client, HttpMethod method, string path, string? body, HttpStatusCode expected)
    {
        using var response = await RequestAsync(client, method, path, body);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(expected == response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    private static async Task<HttpResponseMessage> RequestAsync(HttpClient client, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request, Token);
    }
}
