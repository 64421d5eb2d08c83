using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api;

/// <summary>The URL by which a client has reached this platform.</summary>
internal static class OwnAddress
{
    /// <summary>The URL without a trailing slash.</summary>
    public static string Of(HttpRequest request)
    {
        var scheme = request.Headers["X-Forwarded-Proto"].ToString() is "https" ? "https" : request.Scheme;
        return $"{scheme}://{HostIn(request)}";
    }

    /// <summary>The host name, with a port if the client used one.</summary>
    public static string HostIn(HttpRequest request) =>
        request.Headers["X-Forwarded-Host"].ToString() is { Length: > 0 } host && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri)
            ? uri.Authority
            : request.Host.Value ?? "localhost";
}
