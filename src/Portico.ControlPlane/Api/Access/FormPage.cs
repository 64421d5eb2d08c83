using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api.Access;

/// <summary>A small page with a form that works without JavaScript and cookies.</summary>
internal static class FormPage
{
    /// <summary>Whether a form was sent by a page of this platform. Browsers send an Origin header; other clients cannot be tricked by a foreign page.</summary>
    public static bool IsFromHere(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(OwnAddress.HostIn(request), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Returns a paragraph with a problem; empty if there is none.</summary>
    public static string Problem(string? problem) => problem is null ? "" : $"<p role=\"alert\"><strong>{Encode(problem)}</strong></p>";

    public static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    /// <param name="body">The content, in HTML.</param>
    public static IResult Show(HttpContext context, int status, string title, string body)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "same-origin";
        return Results.Content($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <link rel="icon" href="data:,">
            <title>Portico: {{title}}</title>
            <style>
            :root { color-scheme: light dark; --accent: #2457c5; --on-accent: #fff; --alert: #b3261e; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto; padding: 0 1.5rem; color: #1c2430; }
            h1 { font-size: 1.6rem; margin: 0 0 .5rem; }
            label { display: block; margin: 1rem 0; font-weight: 600; }
            input { display: block; box-sizing: border-box; width: 100%; font: 1.1rem ui-monospace, monospace; padding: .5rem; margin-top: .25rem; }
            button { font: inherit; font-weight: 600; padding: .5rem 1.2rem; border: 0; border-radius: 6px; background: var(--accent); color: var(--on-accent); cursor: pointer; }
            input { border: 1px solid #8a94a3; border-radius: 6px; }
            [role=alert] { color: var(--alert); border-left: 3px solid; padding-left: .8rem; }
            code { white-space: nowrap; }
            @media (prefers-color-scheme: dark) {
              :root { --accent: #8ab0ff; --on-accent: #12161c; --alert: #ff9d94; }
              body { background: #12161c; color: #e8ecf2; }
              input { background: #1a2029; }
            }
            </style>
            </head>
            <body>
            {{body}}
            </body>
            </html>
            """, "text/html; charset=utf-8", statusCode: status);
    }
}
