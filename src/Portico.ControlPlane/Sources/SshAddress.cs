using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>The address of a repository that is accessed over SSH.</summary>
/// <param name="User">The user; null for the account's own.</param>
/// <param name="Port">The port; null for the default.</param>
/// <param name="Path">The path, as it is sent to the server.</param>
internal sealed record SshAddress(string? User, string Host, int? Port, string Path)
{
    /// <param name="url"><c>ssh://user@host:port/path</c> or <c>user@host:path</c>.</param>
    /// <returns>Null if the text has neither form.</returns>
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
