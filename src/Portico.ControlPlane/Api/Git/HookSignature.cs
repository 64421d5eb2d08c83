using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Portico.ControlPlane.Api.Git;

/// <summary>Verifies the signature of an incoming webhook from GitHub, GitLab, Bitbucket or Gitea.</summary>
internal static class HookSignature
{
    private const string Prefix = "sha256=";

    /// <remarks>
    /// GitHub and Gitea: <c>X-Hub-Signature-256: sha256=…</c>; Bitbucket: <c>X-Hub-Signature: sha256=…</c>; Gitea, Forgejo:
    /// <c>X-Gitea-Signature</c>, the same digits alone; GitLab: <c>X-Gitlab-Token</c>, the secret itself.
    /// </remarks>
    public static bool IsGood(IHeaderDictionary headers, byte[] digest, string secret)
    {
        var expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(digest));
        var good = IsEqual(headers["X-Gitlab-Token"].ToString(), Encoding.UTF8.GetBytes(secret));
        foreach (var name in (string[])["X-Hub-Signature-256", "X-Hub-Signature", "X-Gitea-Signature", "X-Forgejo-Signature"])
        {
            var given = headers[name].ToString();
            good |= IsEqual(given.StartsWith(Prefix, StringComparison.Ordinal) ? given[Prefix.Length..] : given, expected);
        }
        return good;
    }

    /// <summary>Compares in constant time, so that the duration reveals nothing about the secret.</summary>
    private static bool IsEqual(string given, byte[] expected) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);
}
