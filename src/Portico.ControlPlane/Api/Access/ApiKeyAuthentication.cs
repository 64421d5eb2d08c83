using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portico.ControlPlane.Access;

namespace Portico.ControlPlane.Api.Access;

/// <summary>Authenticates requests by API key: as a bearer token or, for Git only, as a password.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Callers callers)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "ApiKey";
    private const string Bearer = "Bearer ", Basic = "Basic ";

    /// <summary>Returns the key in a request; null if there is none.</summary>
    internal static string? KeyIn(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (IsGit(request) && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return PasswordIn(header[Basic.Length..].Trim());
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim() : null;
    }

    /// <summary>Git asks its user or its credential helper only after it gets a challenge.</summary>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (IsGit(Request))
            Response.Headers.WWWAuthenticate = "Basic realm=\"Portico: any user name, and an API key as the password\", charset=\"UTF-8\"";
        return base.HandleChallengeAsync(properties);
    }

    internal static bool IsGit(HttpRequest request) => request.Path.StartsWithSegments("/git", StringComparison.Ordinal);

    /// <summary>The user name is ignored, because a key belongs to one user.</summary>
    private static string? PasswordIn(string credentials)
    {
        var decoded = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, decoded, out var length))
            return null;
        var text = Encoding.UTF8.GetString(decoded, 0, length);
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyIn(Request) is not { } key)
            return AuthenticateResult.NoResult();
        var caller = await callers.FindAsync(key, Context.RequestAborted);
        if (caller is null)
            return AuthenticateResult.Fail("The API key is unknown, expired or revoked.");
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.UserId)], Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }
}
