using System.Globalization;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Platform;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>The page at the platform's own address. It shows that the platform is running, but no names.</summary>
internal static class StatusPage
{
    /// <summary>The edge answers browsers with the dashboard, so a browser shows this page only if there is no dashboard.</summary>
    private const string Dashboard = "The dashboard is not built. It needs npm: install it on this machine and run <code>portico up</code> again.";

    public static void MapStatusPage(this IEndpointRouteBuilder routes) => routes.MapMethods("/", BrowserPages.Reading, GetAsync).AllowAnonymous();

    private static async Task<IResult> GetAsync(PlatformReader reader, CancellationToken cancellationToken)
    {
        var status = await reader.ReadAsync(cancellationToken);
        var well = status.Resources.Count(resource => resource.Status is "live" or "available");
        var text = status.Resources.Count == 0
            ? "Nothing is deployed yet. Deploy a render.yaml with portico up."
            : string.Create(CultureInfo.InvariantCulture, $"{well} of {status.Resources.Count} resources are up. See portico status for details.");
        return Results.Content($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <link rel="icon" href="data:,">
            <title>Portico</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.5rem; color: #1c2430; }
            :root { color-scheme: light dark; --accent: #2457c5; }
            a { color: var(--accent); }
            h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
            p { margin: 0 0 .5rem; color: #4a5565; }
            @media (prefers-color-scheme: dark) { :root { --accent: #8ab0ff; } body { background: #12161c; color: #e8ecf2; } p { color: #9aa7b8; } }
            </style>
            </head>
            <body>
            <h1>Portico is running</h1>
            <p>{{HtmlEncoder.Default.Encode(text)}}</p>
            <p>{{Dashboard}}</p>
            <p><a href="/reference">API reference</a></p>
            <p>Version {{HtmlEncoder.Default.Encode(status.Version)}}</p>
            </body>
            </html>
            """, "text/html; charset=utf-8");
    }
}
