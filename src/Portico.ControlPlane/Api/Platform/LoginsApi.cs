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

/// <summary>Approves a waiting device login for a user who already has an API key.</summary>
internal static class LoginsApi
{
    public static void MapLogins(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/logins/approve", ApproveAsync).Needs(Permission.SeeWorkspace).IsAudited("GrantOAuthAccessEvent");

    private static async Task<Ok<ApprovedLogin>> ApproveAsync(
        ApproveLogin request, HttpContext context, RequestLimits limits, Caller caller, DeviceLogin login, CancellationToken cancellationToken)
    {
        limits.RequireLogin(context);
        var client = await login.ApproveAsync(request.UserCode, caller.UserId, cancellationToken)
            ?? throw Refusal.Invalid("userCode: no client is waiting with this code. It may have expired; start the login again in the client.");
        return TypedResults.Ok(new ApprovedLogin(client, caller.Email));
    }
}
