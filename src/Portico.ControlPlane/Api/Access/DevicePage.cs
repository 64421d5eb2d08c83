using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using static Portico.ControlPlane.Api.Access.FormPage;

namespace Portico.ControlPlane.Api.Access;

/// <summary>
/// The page on which a user approves a device login. The first step takes the code that the device shows, the second shows
/// who asks and takes an API key.
/// </summary>
/// <remarks>The page uses no cookies. A page of another site cannot approve a login because it does not know the API key.</remarks>
internal static class DevicePage
{
    private const string Path = "/device", Title = "log in a client";
    private const int LargestForm = 16 << 10;

    public static void MapDevicePage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup(Path).WithMetadata(new RequestSizeLimit(LargestForm)).AllowAnonymous();
        page.MapMethods("", [HttpMethods.Get, HttpMethods.Head], (HttpContext context) => AskForCode(context, StatusCodes.Status200OK, context.Request.Query["user_code"].ToString(), null));
        page.MapPost("", SubmitAsync).ChecksOwnSecret().IsAudited("GrantOAuthAccessEvent");
    }

    /// <summary>The URL of the page for the user's browser.</summary>
    public static string AddressFor(HttpRequest request) => $"{OwnAddress.Of(request)}{Path}";

    private static async Task<IResult> SubmitAsync(
        HttpContext context, RequestLimits limits, Callers callers, DeviceLogin login, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!IsFromHere(context.Request) || !context.Request.HasFormContentType)
            return AskForCode(context, StatusCodes.Status403Forbidden, "", "The form was submitted from another site. Submit it from this page.");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var (code, key) = (form["user_code"].ToString(), form["api_key"].ToString().Trim());
        if (await login.FindAsync(code, cancellationToken) is not { } waiting)
        {
            limits.CountWrongKey(context);
            return AskForCode(context, StatusCodes.Status400BadRequest, code, "No client is waiting with this code. It may have expired; start the login again in the client.");
        }
        // Only the second step's form has this field: nobody approves what they have not seen.
        if (form["approve"].ToString() != "yes")
            return AskForKey(context, StatusCodes.Status200OK, code, Describe(waiting, time.GetUtcNow()), null);
        if (await callers.FindAsync(key, cancellationToken) is not { } caller)
        {
            limits.CountWrongKey(context);
            return AskForKey(context, StatusCodes.Status401Unauthorized, code, Describe(waiting, time.GetUtcNow()), "This API key is unknown, expired or revoked.");
        }
        context.Features.Set(caller);
        return await login.ApproveAsync(code, caller, cancellationToken) is { } client
            ? Done(context, client, caller.Email)
            : AskForCode(context, StatusCodes.Status400BadRequest, code, "The client no longer waits with this code. Start the login again in the client.");
    }

    private static IResult AskForCode(HttpContext context, int status, string code, string? problem) => Show(context, status, Title, $"""
        <h1>Log in a client</h1>
        <p>The client that you want to log in shows a code. Enter a code only if you see it there yourself.</p>
        {Problem(problem)}
        <form method="post" action="{Path}" autocomplete="off">
        <label>Code <input name="user_code" value="{Encode(code)}" maxlength="20" required spellcheck="false" autocapitalize="characters"></label>
        <button>Continue</button>
        </form>
        <p>Or run this on the machine itself: <code>portico login approve CODE</code></p>
        """);

    private static IResult AskForKey(HttpContext context, int status, string code, string client, string? problem) => Show(context, status, Title, $"""
        <h1>Approve this client?</h1>
        <p>{client}</p>
        <p>It gets all permissions of the API key's user. If you did not start this login yourself, close this page.</p>
        {Problem(problem)}
        <form method="post" action="{Path}" autocomplete="off">
        <input type="hidden" name="user_code" value="{Encode(code)}">
        <input type="hidden" name="approve" value="yes">
        <label>API key <input name="api_key" type="password" maxlength="200" required></label>
        <button>Approve</button>
        </form>
        """);

    private static string Describe(WaitingClient client, DateTimeOffset now) => $"<strong>{Encode(client.Client)}</strong> at the address "
        + $"<strong>{Encode(client.Address ?? "of this machine")}</strong> asked {Age(now - client.Since)} ago.";

    private static string Age(TimeSpan age) => age < TimeSpan.FromMinutes(1) ? "less than a minute" : $"{(int)age.TotalMinutes} min";

    private static IResult Done(HttpContext context, string client, string user) => Show(context, StatusCodes.Status200OK, Title, $"""
        <h1>The client is logged in</h1>
        <p><strong>{Encode(client)}</strong> now has the permissions of {Encode(user)}. You can close this page.</p>
        <p>To revoke its access: <code>portico keys list</code>, then <code>portico keys revoke ID</code>.</p>
        """);
}
