using System.Security.Cryptography;

namespace Portico.ControlPlane.Services;

/// <summary>The value for <c>generateValue</c>: 256 random bits in base64, as in Render.</summary>
internal static class GeneratedSecret
{
    private const int Bytes = 32;

    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}
