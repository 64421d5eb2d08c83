using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

/// <summary>Response of <c>POST /device-grant</c>. Times are in seconds.</summary>
public sealed record DeviceGrantAnswer(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    int Interval);

/// <summary>Response of <c>POST /device-token</c> and <c>POST /token/refresh/</c>.</summary>
public sealed record DeviceTokens(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken);

/// <summary>The reason why there are no tokens; <paramref name="Id"/> and <paramref name="Message"/> are as in every error.</summary>
/// <param name="Error">The error code of OAuth: <c>authorization_pending expired_token invalid_grant invalid_request</c>.</param>
public sealed record DeviceLoginError(string Error, string Id, string Message);

[JsonSerializable(typeof(DeviceGrantAnswer))]
[JsonSerializable(typeof(DeviceTokens))]
[JsonSerializable(typeof(DeviceLoginError))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class DeviceLoginJson : JsonSerializerContext;
