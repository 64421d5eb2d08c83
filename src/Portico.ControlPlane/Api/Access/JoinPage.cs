using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;
using static Portico.ControlPlane.Api.Access.FormPage;

namespace Portico.ControlPlane.Api.Access;

/// <summary>The page that an invitation's link opens. Opening it changes nothing; the person decides to join.</summary>
internal static class JoinPage
{
    private const string Path = "/join", Title = "join a workspace";
    private const int LargestForm = 16 << 10;

    public static void MapJoinPage(this IEndpointRouteBuilder routes)
    {
        var page = routes.MapGroup(Path).WithMetadata(new RequestSizeLimit(LargestForm)).ChecksOwnSecret();
        page.MapGet("", ShowAsync);
        page.MapPost("", JoinAsync).IsAudited("JoinTeamEvent");
    }

    private static async Task<IResult> ShowAsync(
        string? token, HttpContext context, RequestLimits limits, Invitations invitations, CancellationToken cancellationToken) =>
        await invitations.FindAsync(token ?? "", cancellationToken) is { } invitation
            ? Ask(context, StatusCodes.Status200OK, token!, invitation, null)
            : Gone(context, limits);

    private static async Task<IResult> JoinAsync(
        HttpContext context, RequestLimits limits, Callers callers, Invitations invitations, Joining joining, CancellationToken cancellationToken)
    {
        if (!IsFromHere(context.Request) || !context.Request.HasFormContentType)
            throw Refusal.Forbidden("The form was submitted from another site. Open the invitation's link and submit it from there.");
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var (token, name, key) = (form["token"].ToString(), form["name"].ToString().Trim(), form["api_key"].ToString().Trim());
        if (await invitations.FindAsync(token, cancellationToken) is not { } invitation)
            return Gone(context, limits);
        var caller = key.Length == 0 ? null : await callers.FindAsync(key, cancellationToken);
        if (key.Length > 0 && caller is null)
        {
            limits.CountWrongKey(context);
            return Ask(context, StatusCodes.Status401Unauthorized, token, invitation, "This API key is unknown, expired or revoked. Leave the field empty to join as a new user.");
        }
        try
        {
            return await joining.JoinAsync(context, token, caller, name.Length == 0 ? null : name, cancellationToken) is { } joined
                ? Done(context, joined) : Gone(context, limits);
        }
        catch (RefusedException exception) when (exception.Kind is RefusalKind.Invalid or RefusalKind.Conflict)
        {
            return Ask(context, StatusCodes.Status409Conflict, token, invitation, exception.Message);
        }
    }

    private static IResult Ask(HttpContext context, int status, string token, OpenInvitation invitation, string? problem) => Show(context, status, Title, $"""
        <h1>Join {Encode(invitation.Workspace)}</h1>
        <p>You are invited to this workspace as <strong>{Encode(invitation.Role.Name())}</strong> ({Encode(invitation.Email)}).</p>
        {Problem(problem)}
        <form method="post" action="{Path}" autocomplete="off">
        <input type="hidden" name="token" value="{Encode(token)}">
        <label>Your name <input name="name" maxlength="100" spellcheck="false"></label>
        <label>Your API key, if you already use this platform <input name="api_key" type="password" maxlength="200"></label>
        <button>Join</button>
        </form>
        <p>With an API key, the user of that key joins. Without one, you become a new user and get a key.</p>
        """);

    private static IResult Done(HttpContext context, JoinedMember joined) => Show(context, StatusCodes.Status200OK, Title, $"""
        <h1>You have joined {Encode(joined.Invitation.Workspace)}</h1>
        {(joined.Key is { } key ? $"<p>This is your API key. Copy it now: it is not shown again.</p><p><code>{Encode(key)}</code></p>" : "<p>Your API keys now work there.</p>")}
        """);

    private static IResult Gone(HttpContext context, RequestLimits limits)
    {
        limits.CountWrongKey(context);
        return Show(context, StatusCodes.Status404NotFound, Title, """
            <h1>This invitation is no longer valid</h1>
            <p>It was used, deleted or has expired, or its sender has left the workspace. Ask for a new link.</p>
            """);
    }
}
