using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api.Platform;

/// <summary>Shows and approves a waiting device login for a user who already has an API key.</summary>
internal static class LoginsApi
{
    public static void MapLogins(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/logins/{userCode}", GetAsync).Needs(Permission.SeeWorkspace);
        routes.MapPost("/logins/approve", ApproveAsync).Needs(Permission.SeeWorkspace).IsAudited("GrantOAuthAccessEvent");
    }

    private static async Task<Ok<WaitingLogin>> GetAsync(
        string userCode, HttpContext context, RequestLimits limits, DeviceLogin login, CancellationToken cancellationToken) =>
        await login.FindAsync(userCode, cancellationToken) is { } waiting
            ? TypedResults.Ok(new WaitingLogin(waiting.Client, waiting.Address, waiting.Since))
            : throw Unknown(context, limits);

    private static async Task<Ok<ApprovedLogin>> ApproveAsync(
        ApproveLogin request, HttpContext context, RequestLimits limits, Caller caller, DeviceLogin login, CancellationToken cancellationToken)
    {
        caller.RequireKey("Approving a login");
        var client = await login.ApproveAsync(request.UserCode, caller, cancellationToken) ?? throw Unknown(context, limits);
        return TypedResults.Ok(new ApprovedLogin(client, caller.Email));
    }

    private static RefusedException Unknown(HttpContext context, RequestLimits limits)
    {
        limits.CountWrongKey(context);
        return Refusal.Invalid("userCode: no client is waiting with this code. It may have expired; start the login again in the client.");
    }
}
