using System.Diagnostics;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Sources;

/// <summary>Decides how far git is confined to a repository.</summary>
internal static class ConfinedGit
{
    /// <summary>Commands that read or write whole packs. The others answer short questions about objects that were checked when they arrived.</summary>
    private static readonly string[] OfPacks = ["receive-pack", "upload-pack", "fetch", "ls-remote", "bundle", "gc", "rev-list", "init"];

    private const string RefsOnly = "--http-backend-info-refs";

    /// <summary>Variables without secrets that git needs to connect. Those of Git itself were chosen for the call.</summary>
    private static readonly string[] Passed =
        ["PATH", "LC_ALL", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", .. Certificates];

    /// <summary>Variables that name files of certificate authorities.</summary>
    private static string[] Certificates => ["GIT_SSL_CAINFO", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE"];

    public static ToolReach ReachOf(IReadOnlyList<string> arguments, GitRemote? remote)
    {
        if (remote is not null)
            return remote is { Ssh: null, IsLocal: false } ? ToolReach.Network : ToolReach.Directories;
        var first = 0;
        while (first + 2 < arguments.Count && arguments[first] == "-c")
            first += 2;
        return OfPacks.Contains(arguments[first]) && !arguments.Contains(RefsOnly) ? ToolReach.Directories : ToolReach.Machine;
    }

    public static IReadOnlyList<string> Readable(GitRemote? remote) =>
    [
        .. remote is { IsLocal: true } ? [new Uri(remote.Url).LocalPath] : Array.Empty<string>(),
        .. remote is null || ReachOf([], remote) != ToolReach.Network ? [] : Certificates.Select(Environment.GetEnvironmentVariable).OfType<string>().Where(Path.Exists),
    ];

    /// <summary>Makes a process run a tool confined to a repository, without variables that may hold secrets of the platform.</summary>
    public static void Apply(ProcessStartInfo start, GitRepository repository, ConfinedTool tool)
    {
        var confinement = repository.Confinement is { IsOffered: true } offered ? offered : null;
        var command = confinement?.Confine(tool) ?? tool.Command;
        (start.FileName, var arguments) = (command[0], command.Skip(1));
        start.ArgumentList.Clear();
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        if (confinement is null)
            return;
        foreach (var name in start.Environment.Keys.Where(name => !Passed.Contains(name) && !name.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["HOME"] = "/nonexistent";
    }
}
