using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Api.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>What a browser gets at addresses of the platform that are not part of the API.</summary>
internal static class BrowserPages
{
    /// <summary>The methods of a page. Monitors use HEAD.</summary>
    public static string[] Reading { get; } = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>The first parts of a resource's <c>dashboardUrl</c>, as in Render's.</summary>
    private static readonly string[] Kinds = ["static", "web", "pserv", "worker", "cron", "d", "r"];

    /// <summary>Maps the addresses that the API gives as <c>dashboardUrl</c>. Their page is the same whether the resource exists or not.</summary>
    public static void MapResourcePages(this IEndpointRouteBuilder routes)
    {
        foreach (var kind in Kinds)
            routes.MapMethods($"/{kind}/{{id}}", Reading, ShowResource).AllowAnonymous().ExcludeFromDescription();
    }

    /// <summary>Whether a browser asked for an address that does not exist: then the answer must be a page, and not ask for an API key.</summary>
    public static bool IsLost(HttpContext context) =>
        context.GetEndpoint() is null
        && context.Response.StatusCode is StatusCodes.Status401Unauthorized or StatusCodes.Status404NotFound
        && (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static Task WriteNotFoundAsync(HttpContext context)
    {
        context.Response.Headers.WWWAuthenticate = default;
        return FormPage.Show(context, StatusCodes.Status404NotFound, "not found", $"""
            <h1>Page not found</h1>
            <p>This platform has no page at <code>{FormPage.Encode(context.Request.Path)}</code>.</p>
            <p><a href="/">Start page</a> · <a href="/reference">API reference</a></p>
            """).ExecuteAsync(context);
    }

    private static IResult ShowResource(HttpContext context, string id) => FormPage.Show(context, StatusCodes.Status200OK, "resource", $"""
        <h1>There is no dashboard yet</h1>
        <p>To see <code>{FormPage.Encode(id)}</code>, use <code>portico status</code> and <code>portico logs</code> on the machine, or Render's CLI, or the API with a key.</p>
        <p><a href="/reference">API reference</a></p>
        """);
}
