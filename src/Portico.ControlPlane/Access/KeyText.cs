using System.Security.Cryptography;
using System.Text;

namespace Portico.ControlPlane.Access;

/// <summary>Creates and hashes API keys. A key is shown once and stored as a digest.</summary>
internal static class KeyText
{
    private const int Bytes = 32;

    public static string Create() => $"rnd_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}";

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
