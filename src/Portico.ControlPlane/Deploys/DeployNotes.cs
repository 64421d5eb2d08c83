using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Deploys;

/// <summary>The platform's own lines in a deploy's log. As in Render, they begin with <c>==&gt;</c>. Pure.</summary>
internal static class DeployNotes
{
    private const int ShownDigits = 12, LongestSubject = 100;

    /// <summary>Returns the lines for a status change.</summary>
    /// <param name="deploy">The deploy after the change.</param>
    /// <param name="url">The service's public URL; null if it has none.</param>
    public static IEnumerable<string> Of(DeployRow deploy, DeployStatus from, string? url)
    {
        if (from == DeployStatus.Queued && deploy.Status is DeployStatus.PreDeployInProgress or DeployStatus.UpdateInProgress && !string.IsNullOrEmpty(deploy.ArtifactId))
            yield return $"==> Skipping the build: using the build of {deploy.ArtifactId}";
        if (from == DeployStatus.BuildInProgress && deploy.Status is DeployStatus.PreDeployInProgress or DeployStatus.UpdateInProgress)
            yield return "==> Build stored";
        switch (deploy.Status)
        {
            case DeployStatus.PreDeployInProgress:
                yield return $"==> Running pre-deploy command '{deploy.Settings.PreDeployCommand}'...";
                break;
            case DeployStatus.UpdateInProgress:
                yield return "==> Deploying...";
                break;
            case DeployStatus.Live:
                yield return url is null ? "==> Your service is live 🎉" : $"==> Your service is live 🎉 at {url}";
                break;
            case DeployStatus.Canceled:
                yield return deploy.SupersededBy is { } newer ? $"==> Canceled: replaced by the newer deploy {newer}" : "==> Canceled";
                break;
            case var status when status.IsFailed():
                foreach (var line in OfFailure(deploy.Failure))
                    yield return line;
                break;
        }
    }

    public static string OfFetch(string url, string? branch) =>
        $"==> Cloning from {GitUrl.Shown(url)}{(branch is null ? "" : $", branch {branch}")}";

    public static string OfCommit(string commit, string? message)
    {
        var subject = message?.Split('\n')[0].Trim() ?? "";
        return $"==> Commit {commit[..ShownDigits]}{(subject.Length == 0 ? "" : $": {(subject.Length > LongestSubject ? subject[..LongestSubject] + "…" : subject)}")}";
    }

    private static IEnumerable<string> OfFailure(DeployFailure? failure)
    {
        yield return $"==> Deploy failed 😞 in step '{failure?.Step}': {failure?.Message}";
        if (failure?.Hint is { } hint)
            yield return $"==> {hint}";
    }
}
