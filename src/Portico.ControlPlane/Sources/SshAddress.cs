using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>A repository that is reached by ssh.</summary>
/// <param name="User">Null: the account's own.</param>
/// <param name="Port">Null: the usual one.</param>
/// <param name="Path">As the other side is told.</param>
internal sealed record SshAddress(string? User, string Host, int? Port, string Path)
{
    /// <param name="url"><c>ssh://user@host:port/path</c> or <c>user@host:path</c>.</param>
    /// <returns>Null where it is neither.</returns>
    public static SshAddress? Parse(string url)
    {
        if (!GitUrl.IsSsh(url))
            return null;
        if (!url.Contains("://", StringComparison.Ordinal))
        {
            var (at, colon) = (url.IndexOf('@', StringComparison.Ordinal), url.IndexOf(':', StringComparison.Ordinal));
            return at < colon ? new SshAddress(url[..at], url[(at + 1)..colon], null, url[(colon + 1)..]) : null;
        }
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0
            ? new SshAddress(uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null, uri.IdnHost, uri.Port > 0 ? uri.Port : null, Uri.UnescapeDataString(uri.AbsolutePath))
            : null;
    }

    public string Target => User is null ? Host : $"{User}@{Host}";
}
