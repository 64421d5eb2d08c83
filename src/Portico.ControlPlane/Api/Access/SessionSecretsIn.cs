using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Reads and sets the two secrets of a session in requests and responses.</summary>
internal static class SessionSecretsIn
{
    public const string HeaderName = "X-Portico-Session";

    /// <summary>The websocket protocol that the dashboard speaks. A browser cannot set headers of a websocket, so the secret is a second one.</summary>
    public const string Protocol = "portico.v1", ProtocolPrefix = "portico.session.";

    private const string CookieName = "portico-session", SecureCookieName = "__Host-portico-session";
    private const int MostCookies = 10;

    public static bool Has(HttpRequest request) => PageHalf(request) is not null;

    /// <summary>Whether the request comes from a page of this platform itself. A page of a service is another origin, even if it is the same site.</summary>
    public static bool IsFromOwnPage(HttpRequest request) =>
        FormPage.IsFromHere(request)
        && (request.Headers.Origin.Count > 0 || !request.HttpContext.WebSockets.IsWebSocketRequest)
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin";

    public static async Task<Caller?> FindAsync(HttpRequest request, Sessions sessions, CancellationToken cancellationToken) =>
        PageHalf(request) is { } page ? await sessions.FindAsync(page, Cookies(request), cancellationToken) : null;

    /// <summary>Gives the browser its half. It ends with the session at the latest.</summary>
    public static void SetCookie(HttpContext context, string secret) =>
        context.Response.Headers.Append("Set-Cookie", $"{NameFor(context.Request)}={secret}; {Attributes(context.Request, (long)Sessions.Lifetime.TotalSeconds)}");

    public static void RemoveCookie(HttpContext context) =>
        context.Response.Headers.Append("Set-Cookie", $"{NameFor(context.Request)}=; {Attributes(context.Request, 0)}");

    /// <summary>Accepts a websocket. Browsers close one whose protocols they offered and the server did not choose from.</summary>
    public static Task<WebSocket> AcceptAsync(HttpContext context) =>
        context.WebSockets.AcceptWebSocketAsync(context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol) ? Protocol : null);

    private static string? PageHalf(HttpRequest request)
    {
        var header = request.Headers[HeaderName].ToString();
        if (header.Length > 0)
            return header;
        return request.HttpContext.WebSockets.IsWebSocketRequest
            ? request.HttpContext.WebSockets.WebSocketRequestedProtocols.FirstOrDefault(item => item.StartsWith(ProtocolPrefix, StringComparison.Ordinal))?[ProtocolPrefix.Length..]
            : null;
    }

    /// <summary>All cookies of the name, since a page of the same site can set another one that comes first.</summary>
    private static IEnumerable<string> Cookies(HttpRequest request)
    {
        var start = $"{NameFor(request)}=";
        return request.Headers.Cookie.SelectMany(header => (header ?? "").Split(';', StringSplitOptions.TrimEntries))
            .Where(cookie => cookie.StartsWith(start, StringComparison.Ordinal)).Select(cookie => cookie[start.Length..]).Take(MostCookies);
    }

    private static bool IsSecure(HttpRequest request) => OwnAddress.Of(request).StartsWith("https:", StringComparison.Ordinal);

    /// <summary>Cookies of one host go to all of its ports, so platforms on several ports of one host need several names.</summary>
    private static string NameFor(HttpRequest request)
    {
        var (name, host) = (IsSecure(request) ? SecureCookieName : CookieName, OwnAddress.HostIn(request));
        return Uri.TryCreate($"http://{host}", UriKind.Absolute, out var uri) && !uri.IsDefaultPort ? $"{name}-{uri.Port}" : name;
    }

    private static string Attributes(HttpRequest request, long seconds) =>
        $"Path=/; Max-Age={seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)}; HttpOnly; SameSite=Strict{(IsSecure(request) ? "; Secure" : "")}";
}
