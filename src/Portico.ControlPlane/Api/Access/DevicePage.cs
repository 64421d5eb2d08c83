using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// The page on which a user approves a device login with the code that the device shows and an API key. It works without
/// JavaScript.
/// </summary>
/// <remarks>The page uses no cookies. A page of another site cannot approve a login because it does not know the API key.</remarks>
internal static class DevicePage
{
    private const string Path = "/device";
    private const int LargestForm = 16 << 10;

    public static void MapDevicePage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup(Path).WithMetadata(new RequestSizeLimitAttribute(LargestForm)).AllowAnonymous();
        page.MapGet("", (HttpContext context) => Page(context, StatusCodes.Status200OK, context.Request.Query["user_code"].ToString(), null));
        page.MapPost("", ApproveAsync).IsAudited("GrantOAuthAccessEvent");
    }

    /// <summary>The URL of the page for the user's browser.</summary>
    public static string AddressFor(HttpRequest request) => $"{OwnAddress.Of(request)}{Path}";

    private static async Task<IResult> ApproveAsync(
        HttpContext context, RequestLimits limits, Callers callers, DeviceLogin login, CancellationToken cancellationToken)
    {
        limits.RequireLogin(context);
        if (!IsFromHere(context.Request) || !context.Request.HasFormContentType)
            return Page(context, StatusCodes.Status403Forbidden, "", "The form was submitted from another site. Submit it from this page.");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var (code, key) = (form["user_code"].ToString(), form["api_key"].ToString().Trim());
        limits.RequireWrongKeysLeft(context);
        if (await callers.FindAsync(key, cancellationToken) is not { } caller)
        {
            limits.CountWrongKey(context);
            return Page(context, StatusCodes.Status401Unauthorized, code, "This API key is unknown, expired or revoked.");
        }
        context.Features.Set(caller);
        if (await login.ApproveAsync(code, caller.UserId, cancellationToken) is not { } client)
            return Page(context, StatusCodes.Status400BadRequest, code, "No client is waiting with this code. It may have expired; start the login again in the client.");
        return Done(context, client, caller.Email);
    }

    /// <summary>Whether a form was sent by this page. Browsers send an Origin header; other clients cannot be tricked by a foreign page.</summary>
    private static bool IsFromHere(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(OwnAddress.HostIn(request), StringComparison.OrdinalIgnoreCase));
    }

    private static IResult Page(HttpContext context, int status, string code, string? problem) => Html(context, status, $"""
        <h1>Log in a client</h1>
        <p>The client that you want to log in shows a code. Approve a code only if you see it there yourself.</p>
        {(problem is null ? "" : $"<p role=\"alert\"><strong>{Encode(problem)}</strong></p>")}
        <form method="post" action="{Path}" autocomplete="off">
        <label>Code <input name="user_code" value="{Encode(code)}" maxlength="20" required spellcheck="false" autocapitalize="characters"></label>
        <label>API key <input name="api_key" type="password" maxlength="200" required></label>
        <button>Approve</button>
        </form>
        <p>Or run this on the machine itself: <code>portico login approve CODE</code></p>
        """);

    private static IResult Done(HttpContext context, string client, string user) => Html(context, StatusCodes.Status200OK, $"""
        <h1>The client is logged in</h1>
        <p><strong>{Encode(client)}</strong> now has the permissions of {Encode(user)}. You can close this page.</p>
        <p>To revoke its access: <code>portico keys list</code>, then <code>portico keys revoke ID</code>.</p>
        """);

    private static IResult Html(HttpContext context, int status, string body)
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
            <title>Portico: log in a client</title>
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

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
