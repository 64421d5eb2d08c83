using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Signs browsers in and out.</summary>
internal static class SessionsApi
{
    private const int LargestBody = 4 << 10;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions", CreateAsync).WithMetadata(new RequestSizeLimit(LargestBody)).ChecksOwnSecret().IsAudited("SignInEvent");
        routes.MapGet("/sessions/current", GetAsync).Needs(Permission.SeeWorkspace);
        routes.MapDelete("/sessions/current", EndAsync).Needs(Permission.SeeWorkspace).IsAudited("SignOutEvent");
        routes.MapPost("/login-links", LinkAsync).Needs(Permission.SeeWorkspace).IsAudited("CreateLoginLinkEvent");
    }

    private static async Task<Created<CreatedSession>> CreateAsync(
        CreateSession request, HttpContext context, RequestLimits limits, Sessions sessions, CancellationToken cancellationToken)
    {
        // Otherwise a page of another site could sign its visitors in as somebody else, who then reads what they enter.
        if (!SessionSecretsIn.IsFromOwnPage(context.Request))
            throw Refusal.Forbidden("This request was sent from another site.");
        if (request.Code is null == request.ApiKey is null)
            throw Refusal.Invalid("Send either code or apiKey.");
        var (client, place) = (ClientName.Of(context.Request), ClientAddress.PlaceOf(context));
        var signedIn = request.Code is { } code
            ? await sessions.RedeemAsync(code, client, place, cancellationToken)
            : await sessions.SignInAsync(request.ApiKey!, client, place, cancellationToken);
        if (signedIn is not var (caller, secrets))
        {
            limits.CountWrongKey(context);
            throw request.Code is null
                ? Refusal.Invalid("apiKey: this API key is unknown, expired or revoked.")
                : Refusal.Invalid("code: this link was used already or has expired. `portico dashboard` on the machine makes a new one.");
        }
        context.Features.Set(caller);
        SessionSecretsIn.SetCookie(context, secrets.Cookie);
        return TypedResults.Created((string?)null, new CreatedSession(caller.KeyId!, secrets.Page));
    }

    private static async Task<Ok<CurrentSession>> GetAsync(Caller caller, PorticoDb db, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == caller.UserId, cancellationToken);
        var ids = caller.Roles.Keys;
        var workspaces = await db.Workspaces.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderBy(row => row.Id)
            .Select(row => new { row.Id, row.Name }).ToListAsync(cancellationToken);
        return TypedResults.Ok(new CurrentSession
        {
            Id = caller.KeyId,
            UserId = user.Id,
            Name = user.Name,
            Email = user.Email,
            IsOwner = user.IsOwner,
            Version = PlatformVersion.Text,
            Workspaces = [.. workspaces.Select(row => Describe(row.Id, row.Name, caller.Roles[row.Id]))],
            ProtectedEnvironments = [.. caller.Protected.Order(StringComparer.Ordinal)],
        });
    }

    private static SessionWorkspace Describe(string id, string name, Role role) => new(
        id, name, role.Name(), role.Allows(Permission.View), role.Allows(Permission.Operate), role.Allows(Permission.Manage));

    private static async Task<NoContent> EndAsync(
        HttpContext context, Caller caller, PorticoDb db, Keys keys, CancellationToken cancellationToken)
    {
        if (!caller.HasSession)
            throw Refusal.Invalid("This request was authenticated with an API key, which is no session. `portico keys revoke` revokes a key.");
        await keys.RevokeAsync(db, caller.KeyId!, cancellationToken);
        SessionSecretsIn.RemoveCookie(context);
        return TypedResults.NoContent();
    }

    private static async Task<Created<CreatedLoginLink>> LinkAsync(
        Caller caller, SignInLinks links, PlatformSettings settings, CancellationToken cancellationToken)
    {
        caller.RequireKey("Creating a sign-in link");
        var (code, expiresAt) = await links.CreateAsync(caller, cancellationToken);
        return TypedResults.Created((string?)null, new CreatedLoginLink($"{settings.PlatformUrl}/signin#{code}", expiresAt));
    }
}
