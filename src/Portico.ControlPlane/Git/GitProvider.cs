using Portico.Blueprint.Rules;

namespace Portico.ControlPlane.Git;

/// <summary>A Git hosting provider with an API for the checks of commits, recognized by host name.</summary>
/// <param name="Roots">URLs at which the checks of a commit are found; <c>{0}</c> stands for the commit.</param>
/// <param name="Header">The header for the token, with the prefix <paramref name="Scheme"/>.</param>
internal sealed record GitProvider(IReadOnlyList<string> Roots, string Header, string Scheme, string? Token)
{
    /// <returns>Null if the host is not a known provider.</returns>
    public static GitProvider? Of(string url)
    {
        var host = GitHosts.Of(url);
        if (host == GitHost.Unknown)
            return null;
        var uri = new Uri(url);
        var (path, root, token) = (PathOf(uri), new UriBuilder(uri.Scheme, uri.Host, uri.Port).Uri.ToString().TrimEnd('/'), TokenIn(uri));
        return host switch
        {
            GitHost.GitHub => new GitProvider(
                [$"https://api.github.com/repos/{path}/commits/{{0}}/status", $"https://api.github.com/repos/{path}/commits/{{0}}/check-runs?per_page=100"], "Authorization", "Bearer ", token),
            GitHost.GitLab => new GitProvider(
                [$"{root}/api/v4/projects/{Uri.EscapeDataString(path)}/repository/commits/{{0}}/statuses?per_page=100"], "PRIVATE-TOKEN", "", token),
            _ => new GitProvider([$"{root}/api/v1/repos/{path}/commits/{{0}}/status"], "Authorization", "token ", token),
        };
    }

    private static string PathOf(Uri uri)
    {
        var path = uri.AbsolutePath.Trim('/');
        return path.EndsWith(".git", StringComparison.Ordinal) ? path[..^4] : path;
    }

    public IEnumerable<Uri> Addresses(string commit) => Roots.Select(root => new Uri(root.Replace("{0}", commit, StringComparison.Ordinal)));

    /// <summary>Returns the token in a URL: the password, or the user name if there is no password.</summary>
    private static string? TokenIn(Uri uri) =>
        uri.UserInfo.Length == 0 ? null : Uri.UnescapeDataString(uri.UserInfo[(uri.UserInfo.IndexOf(':', StringComparison.Ordinal) + 1)..]);
}
