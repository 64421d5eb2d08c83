namespace Portico.Blueprint.Rules;

/// <summary>A Git hosting service that reports the checks of commits.</summary>
public enum GitHost
{
    Unknown,
    GitHub,
    GitLab,

    /// <summary>Gitea, Forgejo and Codeberg, which share one API.</summary>
    Gitea,
}

public static class GitHosts
{
    /// <summary>Recognizes the service by the host's name: github.com, or a name that begins with gitlab, gitea, forgejo or codeberg.</summary>
    public static GitHost Of(string? url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.AbsolutePath.Trim('/').Split('/').Length < 2)
            return GitHost.Unknown;
        return uri.Host is "github.com" or "www.github.com" ? GitHost.GitHub : uri.Host.Split('.')[0] switch
        {
            "gitlab" => GitHost.GitLab,
            "gitea" or "forgejo" or "codeberg" => GitHost.Gitea,
            _ => GitHost.Unknown,
        };
    }
}
