using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Endpoints that external systems call, with a secret of their own instead of an API key.</summary>
internal static class HooksApi
{
    /// <summary>GitHub's limit; no other provider sends larger bodies.</summary>
    private const int LargestBody = 25 << 20;

    public static void MapHooks(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/hooks/git/{serviceId}", TellAsync).ChecksOwnSecret().ExcludeFromDescription();
        routes.MapMethods("/deploy/{serviceId}", [HttpMethods.Get, HttpMethods.Post], DeployAsync).ChecksOwnSecret().ExcludeFromDescription();
    }

    /// <summary>
    /// Handles a push notification: the branch is checked now instead of later. The body is not trusted and not needed, so a
    /// repeated or late call only triggers another check.
    /// </summary>
    private static async Task<Accepted<HookAnswer>> TellAsync(
        string serviceId, HttpContext context, PorticoDb db, FollowedBranches branches, RequestLimits limits, CancellationToken cancellationToken)
    {
        var secret = await db.ServiceHooks.AsNoTracking().Where(row => row.ServiceId == serviceId).FirstOrDefaultAsync(cancellationToken);
        var digest = await DigestAsync(context, secret?.WebhookSecret ?? "", cancellationToken);
        if (secret is null || !HookSignature.IsGood(context.Request.Headers, digest, secret.WebhookSecret))
        {
            limits.CountWrongKey(context);
            throw new HttpRefusedException(StatusCodes.Status401Unauthorized, "Invalid signature: configure the webhook with this service's webhook secret.");
        }
        var looks = await branches.LookNowAsync(db, serviceId, cancellationToken);
        return TypedResults.Accepted((string?)null, new HookAnswer(looks
            ? "Portico is checking the branch now and will deploy a new commit."
            : "This service does not follow a branch of an external repository: it has no repo, is suspended, or has auto-deploy turned off."));
    }

    private static async Task<byte[]> DigestAsync(HttpContext context, string secret, CancellationToken cancellationToken)
    {
        if (context.Request.ContentLength > LargestBody)
            throw TooLarge();
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LargestBody + 1;
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            long total = 0;
            while (await context.Request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                if ((total += read) > LargestBody)
                    throw TooLarge();
                hash.AppendData(buffer, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return hash.GetHashAndReset();
    }

    private static RefusedException TooLarge() =>
        Refusal.TooLarge($"The body is too large: a webhook can send at most {LargestBody >> 20} MB.");

    /// <remarks>As in https://render.com/docs/deploy-hooks.</remarks>
    private static async Task<Ok<DeployHookAnswer>> DeployAsync(
        string serviceId, string? key, string? @ref, string? imgURL, HttpContext context, PorticoDb db, RequestedDeploys requested, RequestLimits limits,
        Wakeups wakeups, CancellationToken cancellationToken)
    {
        var hooks = await db.ServiceHooks.AsNoTracking().FirstOrDefaultAsync(row => row.ServiceId == serviceId, cancellationToken);
        var good = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key ?? ""), Encoding.UTF8.GetBytes(hooks?.DeployKey ?? "-"));
        if (hooks is null || !good)
        {
            limits.CountWrongKey(context);
            throw new HttpRefusedException(StatusCodes.Status401Unauthorized, "Invalid key. If the deploy hook was regenerated, use its new URL.");
        }
        var deploy = await db.EditAsync(async () =>
        {
            var service = await db.Services.FirstOrDefaultAsync(row => row.Id == serviceId, cancellationToken) ?? throw Refusal.NotFound("service", serviceId);
            var added = await requested.CreateAsync(
                db, service, new DeployPost { CommitId = @ref, ImageUrl = imgURL }, null, DeployTrigger.DeployHook, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            return added;
        });
        wakeups.Signal();
        return TypedResults.Ok(new DeployHookAnswer(new DeployHookDeploy(deploy.Id)));
    }
}
