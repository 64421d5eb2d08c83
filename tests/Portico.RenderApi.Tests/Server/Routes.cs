using Microsoft.AspNetCore.Routing;

namespace Portico.RenderApi.Tests.Server;

internal static class Routes
{
    /// <summary>These would end the server that answers them.</summary>
    public static IReadOnlyList<string> Unsafe { get; } = ["POST /portico/v1/stop"];

    /// <summary>An endpoint as <c>GET /v1/services/{serviceId}</c>, once per method.</summary>
    public static IEnumerable<string> Of(RouteEndpoint endpoint) =>
        (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}");

    /// <summary>Whether programs use it, and no browser.</summary>
    public static bool IsApi(string route) => route.Contains("/v1/", StringComparison.Ordinal);

    /// <summary>Whether it is part of what Render's clients use.</summary>
    public static bool IsRender(string route) => route.Contains(" /v1/", StringComparison.Ordinal);
}
