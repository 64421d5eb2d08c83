using System.Security.Cryptography;

namespace Portico.ControlPlane.Services;

/// <summary>What <c>generateValue</c> makes: 256 random bits in base 64, as in Render.</summary>
public static class GeneratedSecret
{
    private const int Bytes = 32;

    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));
}
