using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.Core.Access;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>The repositories that users push to this platform, each in one workspace: <c>/git/NAME.git</c>.</summary>
/// <remarks>Directory names contain the workspace, so a URL never refers to a repository of another workspace.</remarks>
internal sealed partial class HostedRepositories(SourceStore store, PlatformSettings settings)
{
    public const string Root = "/git/";

    private const string Suffix = ".git";

    private const int Most = 1000;

    private static readonly string[] UsualDefaults = ["main", "master"];

    private readonly ConcurrentDictionary<string, ((DateTime Changed, long Bytes) Version, IReadOnlyDictionary<string, string> Values)> _settings = new();

    /// <summary>Whether a name has only letters, digits, dots, dashes and underscores, and nothing with a special meaning in paths or Git.</summary>
    public static bool IsName(string name) => Name.IsMatch(name) && !name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith(".lock", StringComparison.OrdinalIgnoreCase) && !name.Contains("..", StringComparison.Ordinal);

    public string UrlOf(string name) => $"{settings.PlatformUrl}{Root}{name}{Suffix}";

    /// <summary>Finds the hosted repository that a service's <c>repo</c> refers to; null if it is a remote one.</summary>
    /// <param name="workspace">The service's workspace.</param>
    public string? Find(string url, string workspace) => NameIn(url) is { } name ? SourceStore.HostedOf(workspace, name) : null;

    public bool Exists(string workspace, string name) => Directory.Exists(store.PathOf(SourceStore.HostedOf(workspace, name)));

    /// <summary>Creates an empty repository if it does not exist.</summary>
    /// <param name="repository">Its directory name.</param>
    /// <exception cref="RefusedException">409: this machine cannot keep another repository now.</exception>
    public async Task EnsureAsync(string repository, CancellationToken cancellationToken)
    {
        try
        {
            await store.EnsureAsync(repository, cancellationToken);
        }
        catch (GitException exception)
        {
            throw Refusal.Conflict($"The repository cannot be used: {exception.Message}");
        }
    }

    /// <summary>Returns the workspace of the repository that the caller means by a name.</summary>
    /// <param name="named">The workspace in the URL; null if it contains none.</param>
    /// <param name="orNew">If the repository does not exist: whether to return the workspace to create it in, which is the oldest one in
    /// which the caller has permission.</param>
    /// <exception cref="RefusedException">400: the name is invalid; 404: there is no such repository; 403: the caller's role does not allow
    /// it.</exception>
    public string RequireWorkspace(Caller caller, string name, string? named, Permission needed, bool orNew)
    {
        if (!IsName(name))
            throw Refusal.Invalid("repository: must have at most 63 letters, digits, dots, dashes and underscores, and start with a letter or digit.");
        var workspaces = caller.Roles.Keys.Where(id => named is null || id == named).Order(StringComparer.Ordinal).ToList();
        var workspace = workspaces.FirstOrDefault(id => Exists(id, name))
            ?? (orNew ? workspaces.FirstOrDefault(id => caller.May(needed, id)) : null)
            ?? throw Refusal.NotFound("repository", name);
        caller.AuditTargets.Add(workspace);
        if (!Exists(workspace, name) && NamesOf(workspace).Count >= Most)
            throw Refusal.Conflict($"A workspace can have at most {Most} repositories. Delete one that is not needed first.");
        return caller.May(needed, workspace) ? workspace : throw Refusal.Forbidden(needed);
    }

    public IReadOnlyList<string> NamesOf(string workspace)
    {
        var prefix = SourceStore.HostedOf(workspace, "")[..^Suffix.Length];
        return [.. store.Hosted().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns the default branch, which the first push sets.</summary>
    /// <returns>Null before the first push.</returns>
    public async Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        if (await store.LocalDefaultBranchAsync(repository, cancellationToken) is { } head)
            return head;
        var branches = (await GitCommand.RunAsync(store.GitOf(repository), ["for-each-ref", "--format=%(refname:short)", "refs/heads/"], cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (branches.Length == 0)
            return null;
        var chosen = UsualDefaults.FirstOrDefault(branches.Contains) ?? branches[0];
        await store.SetLocalDefaultBranchAsync(repository, chosen, cancellationToken);
        return chosen;
    }

    /// <summary>
    /// Sets the URL at which the commits are also available. Services whose <c>repo</c> is that URL are built from what is
    /// pushed here.
    /// </summary>
    /// <param name="user">The id of the user who sets it.</param>
    public async Task SetOriginAsync(string repository, string? origin, string user, CancellationToken cancellationToken)
    {
        foreach (var (key, value) in (IEnumerable<(string, string?)>)[(OriginSetByKey, origin is null ? null : user), (OriginKey, origin)])
        {
            string[] change = value is null ? ["--unset-all", key] : ["--replace-all", key, value];
            await ConfigureAsync(repository, change, cancellationToken);
        }
        _settings.TryRemove(repository, out _);
    }

    public async Task<string?> OriginAsync(string repository, CancellationToken cancellationToken) =>
        (await ReadAsync(repository, cancellationToken)).GetValueOrDefault(OriginKey);

    /// <summary>Returns the URL that <see cref="SetOriginAsync"/> set, and who set it.</summary>
    public async Task<GivenRepository?> GivenOriginAsync(string repository, CancellationToken cancellationToken)
    {
        var settings = await ReadAsync(repository, cancellationToken);
        return settings.TryGetValue(OriginKey, out var origin)
            ? new GivenRepository(origin, settings.GetValueOrDefault(OriginSetByKey), SourceStore.WorkspaceOf(repository)) : null;
    }

    /// <summary>Reads the platform's own settings of a repository, again only after a change: a push asks for them several times.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReadAsync(string repository, CancellationToken cancellationToken)
    {
        var file = new FileInfo(ConfigurationOf(repository));
        var version = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
        if (_settings.TryGetValue(repository, out var known) && known.Version == version)
            return known.Values;
        // Nothing found is code 1, and nothing is said.
        var result = await ConfigureAsync(repository, ["--null", "--get-regexp", @"^portico\."], cancellationToken);
        var values = result.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(item => item.Split('\n', 2))
            .Where(item => item.Length == 2).GroupBy(item => item[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(item => item.Key, item => item.Last()[1].Trim(), StringComparer.OrdinalIgnoreCase);
        _settings[repository] = (version, values);
        return values;
    }

    /// <summary>Reads or changes the configuration, which is the platform's own. Nothing else of the repository is read.</summary>
    private Task<ProcessResult> ConfigureAsync(string repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken) => GitCommand.TryAsync(
        new GitRepository("/dev/null"), ["config", "--file", ConfigurationOf(repository), .. arguments], cancellationToken);

    private string ConfigurationOf(string repository) => Path.Combine(store.PathOf(repository), SourceStore.ConfigurationFile);

    private const string OriginKey = "portico.origin", OriginSetByKey = "portico.originSetBy";

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
