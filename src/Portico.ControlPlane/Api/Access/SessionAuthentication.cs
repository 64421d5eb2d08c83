using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Authenticates requests of the dashboard by both halves of a session.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Sessions sessions)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!SessionSecretsIn.IsFromOwnPage(Request))
            return AuthenticateResult.Fail("The request comes from a page of another site.");
        if (await SessionSecretsIn.FindAsync(Request, sessions, Context.RequestAborted) is not { } caller)
            return AuthenticateResult.Fail("The session is unknown or has ended.");
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.UserId)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }
}
