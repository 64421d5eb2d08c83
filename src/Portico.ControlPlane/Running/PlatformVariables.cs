using Portico.ControlPlane.State;
using Portico.Core.Variables;

namespace Portico.ControlPlane.Running;

/// <summary>The variables that Render sets for every build and instance of a deploy.</summary>
internal static class PlatformVariables
{
    /// <remarks>See https://render.com/docs/environment-variables.</remarks>
    public static Dictionary<string, string> Of(ServiceIdentity service, DeployRow deploy)
    {
        var variables = new Dictionary<string, string>(VariableResolver.OfIdentity(service), StringComparer.Ordinal)
        {
            ["RENDER_GIT_BRANCH"] = deploy.Branch ?? "",
        };
        if (deploy.Commit is { } commit)
            variables["RENDER_GIT_COMMIT"] = commit;
        if (deploy.Settings.Source.Repo is { } repo)
            variables["RENDER_GIT_REPO_SLUG"] = RepoSlug(repo);
        return variables;
    }

    /// <summary>Returns <c>owner/name</c> from the end of a repository's URL.</summary>
    private static string RepoSlug(string url)
    {
        var parts = url.Split('/', ':')[^2..];
        var name = parts[1].EndsWith(".git", StringComparison.Ordinal) ? parts[1][..^4] : parts[1];
        return $"{parts[0]}/{name}";
    }
}
