using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api;

/// <summary>Where this platform is, as whoever asks has reached it.</summary>
internal static class OwnAddress
{
    /// <summary>Without a slash at its end.</summary>
    public static string Of(HttpRequest request)
    {
        var scheme = request.Headers["X-Forwarded-Proto"].ToString() is "https" ? "https" : request.Scheme;
        return $"{scheme}://{HostIn(request)}";
    }

    /// <summary>With its port, where one is given.</summary>
    public static string HostIn(HttpRequest request) =>
        request.Headers["X-Forwarded-Host"].ToString() is { Length: > 0 } host && Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri)
            ? uri.Authority
            : request.Host.Value ?? "localhost";
}
