using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Api.Render.Access;

/// <summary>The device login of Render's CLI. Request bodies are JSON, although their content type is that of a form.</summary>
internal static class DeviceLoginApi
{
    private const int LargestBody = 16 << 10, LongestClientId = 200;
    private const string DeviceGrantType = "urn:ietf:params:oauth:grant-type:device_code", RefreshGrantType = "refresh_token", Pending = "authorization_pending";

    public static void MapDeviceLogin(this IEndpointRouteBuilder routes)
    {
        var login = routes.MapGroup("").WithMetadata(new RequestSizeLimit(LargestBody)).AllowAnonymous();
        login.MapPost("/device-grant", GrantAsync);
        login.MapPost("/device-token", TokenAsync).ChecksOwnSecret();
        login.MapPost("/token/refresh", RefreshAsync).ChecksOwnSecret();
        login.MapPost("/oauth/revoke", RevokeAsync).IsAudited("RevokeOAuthAccessEvent");
    }

    private static async Task<Results<Ok<DeviceGrantAnswer>, JsonHttpResult<DeviceLoginError>>> GrantAsync(
        HttpContext context, DeviceLogin login, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        var client = body.GetValueOrDefault("client_id") is { Length: > 0 and <= LongestClientId } given ? given : null;
        if (client is null)
            return Refuse(context, "invalid_request", "client_id: required, but missing.");
        if (await login.BeginAsync(client, ClientAddress.PlaceOf(context), cancellationToken) is not { } grant)
            return Refuse(context, "slow_down", "Too many clients of this network are waiting for approval. Approve one of them, or try again in 15 minutes.");
        var page = $"{DevicePage.AddressFor(context.Request)}";
        return TypedResults.Ok(new DeviceGrantAnswer(
            grant.DeviceCode, grant.UserCode, page, $"{page}?user_code={grant.UserCode}",
            (int)grant.Lifetime.TotalSeconds, (int)grant.Interval.TotalSeconds));
    }

    private static async Task<Results<Ok<DeviceTokens>, JsonHttpResult<DeviceLoginError>>> TokenAsync(
        HttpContext context, RequestLimits limits, DeviceLogin login, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        if (body.GetValueOrDefault("grant_type") != DeviceGrantType)
            return Refuse(context, "unsupported_grant_type", $"grant_type: must be {DeviceGrantType}.");
        if (body.GetValueOrDefault("device_code") is not { Length: > 0 } code)
            return Refuse(context, "invalid_request", "device_code: required, but missing.");
        var (tokens, error) = await login.RedeemAsync(code, ClientName.Of(context.Request), cancellationToken);
        if (tokens is null && error != Pending)
            limits.CountWrongKey(context);
        return tokens is not null ? TypedResults.Ok(ToWire(tokens)) : Refuse(context, error!, error == Pending
            ? "The login has not been approved yet."
            : "This code is unknown, expired or already used. Start the login again.");
    }

    private static async Task<Results<Ok<DeviceTokens>, JsonHttpResult<DeviceLoginError>>> RefreshAsync(
        HttpContext context, RequestLimits limits, DeviceLogin login, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        if (body.GetValueOrDefault("grant_type") != RefreshGrantType)
            return Refuse(context, "unsupported_grant_type", $"grant_type: must be {RefreshGrantType}.");
        if (body.GetValueOrDefault("refresh_token") is not { Length: > 0 } token)
            return Refuse(context, "invalid_request", "refresh_token: required, but missing.");
        if (await login.RefreshAsync(token, cancellationToken) is { } tokens)
            return TypedResults.Ok(ToWire(tokens));
        limits.CountWrongKey(context);
        return Refuse(context, "invalid_grant", "This refresh token is unknown, expired, revoked or already used. Log in again.");
    }

    /// <summary>Revokes a token. Unknown tokens succeed too, as in RFC 7009.</summary>
    private static async Task<NoContent> RevokeAsync(
        HttpContext context, DeviceLogin login, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(context, cancellationToken);
        foreach (var name in (string[])["token", "access_token", "refresh_token"])
            if (body.GetValueOrDefault(name) is { Length: > 0 } token)
                await login.RevokeAsync(token, cancellationToken);
        if (ApiKeyAuthentication.KeyIn(context.Request) is { } presented)
            await login.RevokeAsync(presented, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>Reads the string fields of a JSON object. Unknown fields are ignored, as in OAuth; an empty body has no fields.</summary>
    private static async Task<Dictionary<string, string>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (string.IsNullOrWhiteSpace(text))
            return [];
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Where(item => item.Value.ValueKind == JsonValueKind.String)
                    .ToDictionary(item => item.Name, item => item.Value.GetString()!, StringComparer.Ordinal)
                : throw Refusal.Invalid("The body must be a JSON object.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw Refusal.Invalid("The body is not valid JSON.");
        }
    }

    private static DeviceTokens ToWire(LoginTokens tokens) =>
        new(tokens.AccessToken, "Bearer", (int)tokens.Lifetime.TotalSeconds, tokens.RefreshToken);

    private static JsonHttpResult<DeviceLoginError> Refuse(HttpContext context, string error, string message) =>
        TypedResults.Json(new DeviceLoginError(error, context.TraceIdentifier, message), statusCode: StatusCodes.Status400BadRequest);
}
