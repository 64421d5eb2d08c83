using Portico.ControlPlane.Access;
using Portico.ControlPlane.State;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sources;

/// <summary>The URL of a repository with the user who set it, on whose rights it depends what git may connect to.</summary>
/// <param name="Url">The URL, with credentials if it needs any.</param>
/// <param name="SetBy">The id of the user; null if unknown, which gives no rights.</param>
/// <param name="Workspace">The workspace whose keys and repositories it may use.</param>
internal sealed record GivenRepository(string Url, string? SetBy, string Workspace)
{
    /// <returns>Null if the source has no repository.</returns>
    public static GivenRepository? Of(SourceSettings source, string workspace) =>
        source.Repo is { } url ? new GivenRepository(url, source.RepoSetBy, workspace) : null;

    /// <returns>Null if the service has no repository.</returns>
    public static GivenRepository? Of(ServiceRow service) => Of(service.Settings.Source, service.WorkspaceId);
}

internal static class RepositorySetter
{
    /// <summary>Records who set the URL: who changed it, or the machine's owner who names it again.</summary>
    /// <param name="before">The source before the change; null for a new service.</param>
    /// <param name="isNamed">Whether the request names the URL, and does not just leave it unchanged.</param>
    public static ServiceSettings SetBy(this ServiceSettings settings, Caller caller, SourceSettings? before, bool isNamed)
    {
        var isKept = before is not null && before.Repo == settings.Source.Repo && !(isNamed && caller.IsOwner);
        var user = settings.Source.Repo is null ? null : isKept ? before!.RepoSetBy : caller.UserId;
        return settings with { Source = settings.Source with { RepoSetBy = user } };
    }
}
