using System.Net;
using System.Text;
using System.Text.Json;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>Calls with the status that a test expects.</summary>
internal static class ApiCalls
{
    public static Task<JsonElement> ReadAsync(this HttpClient client, string path, CancellationToken cancellationToken) =>
        client.SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK, cancellationToken);

    /// <returns>The body; undefined where there is none.</returns>
    public static async Task<JsonElement> SendAsync(
        this HttpClient client, HttpMethod method, string path, string? body, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.StatusCode == expected, $"{method} {path} {body}\nanswered {(int)response.StatusCode}, not {(int)expected}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
