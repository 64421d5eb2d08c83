using System.Net;
using System.Text;
using System.Text.Json;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>One call and its answer.</summary>
internal static class Calls
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Calls, and fails the test unless the answer has that status.</summary>
    /// <returns>The body; undefined when there is none.</returns>
    public static async Task<JsonElement> CallAsync(
        this HttpClient client, HttpMethod method, string path, HttpStatusCode expected, string? body = null)
    {
        using var response = await client.SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.StatusCode == expected, $"{method} {path}: {(int)response.StatusCode} instead of {(int)expected}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    public static Task<JsonElement> ReadAsync(this HttpClient client, string path) =>
        client.CallAsync(HttpMethod.Get, path, HttpStatusCode.OK);

    public static async Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.SendAsync(request, Token);
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}
