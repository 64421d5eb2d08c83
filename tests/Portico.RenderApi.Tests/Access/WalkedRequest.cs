using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Portico.RenderApi.Tests.Conformance;

namespace Portico.RenderApi.Tests.Access;

/// <summary>A request to a route, plain or asking for a websocket.</summary>
internal sealed record WalkedRequest(string Method, string Path, bool WebSocket)
{
    public async Task<Answer> SendAsync(HttpClient client, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), Path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (Method is "POST" or "PUT" or "PATCH")
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (WebSocket)
            foreach (var (name, value) in (IEnumerable<(string, string)>)[("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])
                request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return await Answer.ReadAsync(response, cancellationToken);
    }

    public override string ToString() => $"{Method} {Path}{(WebSocket ? " (websocket)" : "")}";
}

internal static partial class WalkedRequests
{
    /// <summary>All methods of a route; whatever can be read is also asked for as a websocket.</summary>
    /// <param name="value">Of a parameter in the path, by its name; null where any will do.</param>
    public static IEnumerable<WalkedRequest> For(RouteEndpoint endpoint, Func<string, string?> value)
    {
        var path = $"/{Parameter().Replace(endpoint.RoutePattern.RawText!, match => value(match.Groups[1].Value) ?? AnyValue(match.Groups[1].Value)).Trim('/')}";
        foreach (var method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST", "PUT", "PATCH", "DELETE"])
        {
            yield return new WalkedRequest(method, path, false);
            if (method == "GET")
                yield return new WalkedRequest(method, path, true);
        }
    }

    public static IEnumerable<WalkedRequest> For(RouteEndpoint endpoint) => For(endpoint, static _ => null);

    private static string AnyValue(string parameter) => parameter switch
    {
        "commit" => new string('a', 40),
        "ownerId" => "tea-00000000000000000000",
        _ => "srv-00000000000000000000",
    };

    [GeneratedRegex(@"\{\**([^}:]*)[^}]*\}")]
    private static partial Regex Parameter();
}
