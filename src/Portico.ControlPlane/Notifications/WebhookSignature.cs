using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portico.ControlPlane.Notifications;

/// <summary>Signs messages as Standard Webhooks do: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.</summary>
internal static class WebhookSignature
{
    private const string Prefix = "whsec_";
    private const int KeyBytes = 32;

    public static string NewSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <returns>The value of the header <c>webhook-signature</c>.</returns>
    public static string Of(string secret, string id, DateTimeOffset at, string body)
    {
        var signed = Encoding.UTF8.GetBytes($"{id}.{Timestamp(at)}.{body}");
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), signed))}";
    }

    /// <returns>The value of the header <c>webhook-timestamp</c>: seconds since 1970.</returns>
    public static string Timestamp(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}
