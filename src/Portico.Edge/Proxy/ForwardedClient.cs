using System.Net;
using Microsoft.Extensions.Primitives;
using Portico.Edge.Model;

namespace Portico.Edge.Proxy;

/// <summary>Reads who the client is from the headers of a trusted proxy.</summary>
internal static class ForwardedClient
{
    /// <summary>
    /// Goes through <c>X-Forwarded-For</c> from its end, which the nearest proxy wrote, and stops at the first address that is not a
    /// trusted proxy: everything before it, that client may have made up.
    /// </summary>
    /// <param name="sender">The trusted proxy that the connection comes from.</param>
    public static IPAddress? AddressOf(IHeaderDictionary headers, IPAddress? sender, AllowedSources proxies)
    {
        var client = sender;
        var items = Items(headers["X-Forwarded-For"]);
        for (var i = items.Length - 1; i >= 0 && IPEndPoint.TryParse(items[i], out var parsed); i--)
        {
            client = parsed.Address;
            if (!proxies.Admit(client))
                break;
        }
        return client;
    }

    /// <summary>Reads the scheme that the nearest proxy was asked with.</summary>
    public static string SchemeOf(HttpRequest request) => Items(request.Headers["X-Forwarded-Proto"]).LastOrDefault()?.ToLowerInvariant() switch
    {
        "https" => "https",
        "http" => "http",
        _ => request.Scheme,
    };

    private static string[] Items(StringValues header) =>
        header.Count == 0 ? [] : header.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
