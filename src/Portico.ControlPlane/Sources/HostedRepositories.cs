using System.Text.RegularExpressions;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;

namespace Portico.ControlPlane.Sources;

/// <summary>The repositories that are pushed to here, each of one workspace: <c>/git/NAME.git</c>.</summary>
/// <remarks>Their directories are named by workspace, so no address leads from one workspace into another's.</remarks>
public sealed partial class HostedRepositories(SourceStore store, PlatformSettings settings)
{
    public const string Root = "/git/";

    private const string Suffix = ".git";

    private static readonly string[] UsualDefaults = ["main", "master"];

    /// <summary>Letters, digits, dots, dashes and underscores; nothing that a path or Git reads in another way.</summary>
    public static bool IsName(string name) => Name.IsMatch(name) && !name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".lock", StringComparison.OrdinalIgnoreCase) && !name.Contains("..", StringComparison.Ordinal);

    public string UrlOf(string name) => $"{settings.PlatformUrl}{Root}{name}{Suffix}";

    /// <summary>The repository here that a service's <c>repo</c> means; null where it is elsewhere.</summary>
    /// <param name="workspace">The service's own.</param>
    public string? Find(string url, string workspace) => NameIn(url) is { } name ? SourceStore.HostedOf(workspace, name) : null;

    public bool Exists(string workspace, string name) => Directory.Exists(store.PathOf(SourceStore.HostedOf(workspace, name)));

    /// <summary>The workspace in which the caller means the repository of that name.</summary>
    /// <param name="named">The workspace that the address names; null where it names none.</param>
    /// <param name="orNew">Where there is none, the workspace to make it in: of those where the caller may, the oldest.</param>
    /// <exception cref="RefusedException">400: this can be no name; 404: there is none; 403: the role does not allow it.</exception>
    public string RequireWorkspace(Caller caller, string name, string? named, Permission needed, bool orNew)
    {
        ArgumentNullException.ThrowIfNull(caller);
        if (!IsName(name))
            throw Refusal.Invalid("repository: must have at most 63 letters, digits, dots, dashes and underscores, and start with a letter or digit.");
        var workspaces = caller.Roles.Keys.Where(id => named is null || id == named).Order(StringComparer.Ordinal).ToList();
        var workspace = workspaces.FirstOrDefault(id => Exists(id, name))
            ?? (orNew ? workspaces.FirstOrDefault(id => caller.May(needed, id)) : null)
            ?? throw Refusal.NotFound("repository", name);
        caller.Involved.Add(workspace);
        return caller.May(needed, workspace) ? workspace : throw Refusal.Forbidden(needed);
    }

    public IReadOnlyList<string> NamesOf(string workspace)
    {
        var prefix = SourceStore.HostedOf(workspace, "")[..^Suffix.Length];
        return [.. store.Hosted().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];
    }

    /// <summary>The branch that a clone gets; set by the first push.</summary>
    /// <returns>Null while nothing was pushed.</returns>
    public async Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        var path = store.PathOf(repository);
        var head = (await GitCommand.RunAsync(path, ["symbolic-ref", "--short", "HEAD"], cancellationToken)).Trim();
        if (await store.LocalTipAsync(repository, head, cancellationToken) is not null)
            return head;
        var branches = (await GitCommand.RunAsync(path, ["for-each-ref", "--format=%(refname:short)", "refs/heads/"], cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (branches.Length == 0)
            return null;
        var chosen = UsualDefaults.FirstOrDefault(branches.Contains) ?? branches[0];
        await GitCommand.RunAsync(path, ["symbolic-ref", "HEAD", $"refs/heads/{chosen}"], cancellationToken);
        return chosen;
    }

    /// <summary>Where its commits are also kept, as the user said: services whose <c>repo</c> is that are built from what is pushed here.</summary>
    public async Task SetOriginAsync(string repository, string? origin, CancellationToken cancellationToken)
    {
        string[] change = origin is null ? ["config", "--unset-all", OriginKey] : ["config", "--replace-all", OriginKey, origin];
        await GitCommand.TryAsync(store.PathOf(repository), change, cancellationToken);
    }

    public async Task<string?> OriginAsync(string repository, CancellationToken cancellationToken)
    {
        var result = await GitCommand.TryAsync(store.PathOf(repository), ["config", "--get", OriginKey], cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    private const string OriginKey = "portico.origin";

    private string? NameIn(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || !uri.Host.Equals(settings.Domain, StringComparison.OrdinalIgnoreCase) || uri.Port != (uri.Scheme == "https" ? 443 : settings.HttpPort)
            || !uri.AbsolutePath.StartsWith(Root, StringComparison.Ordinal))
            return null;
        var name = uri.AbsolutePath[Root.Length..].TrimEnd('/');
        if (name.EndsWith(Suffix, StringComparison.Ordinal))
            name = name[..^Suffix.Length];
        return IsName(name) ? name : null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Name { get; }
}
