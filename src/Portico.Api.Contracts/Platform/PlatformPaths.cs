namespace Portico.Api.Contracts.Platform;

/// <summary>The paths of a platform's files. All are in one folder, <c>PORTICO_HOME</c>.</summary>
public sealed record PlatformPaths(string Home)
{
    /// <summary>Database, keys and the settings that only Portico itself may read (mode 0700).</summary>
    public string State => Path.Combine(Home, "state");

    public string Database => Path.Combine(State, "portico.db");

    public string DataProtectionKeys => Path.Combine(State, "keys");

    /// <summary>The API key of this machine's owner (mode 0600). The server creates it at its first start.</summary>
    public string ApiKey => Path.Combine(State, "api-key");

    public string SettingsFile => Path.Combine(Home, "portico.conf");

    /// <summary>Sockets, locks and the routes snapshot.</summary>
    public string Run => Path.Combine(Home, "run");

    /// <summary>The unix socket on which the server answers HTTP.</summary>
    public string ServerSocket => Path.Combine(Run, "server.sock");

    /// <summary>The lock of the server's keeper; contains the keeper's process id.</summary>
    public string ServerLock => Path.Combine(Run, "server.lock");

    /// <summary>The lock of the server itself.</summary>
    public string ServerHeld => Path.Combine(Run, "server.held");

    public string EdgeSocket => Path.Combine(Run, "edge.sock");

    /// <summary>The socket on which an edge waits for its replacement.</summary>
    public string EdgeHandover => Path.Combine(Run, "edge.give");

    public string RoutesFile => Path.Combine(Run, "routes.json");

    /// <summary>The files of the SSH server, with its host key.</summary>
    public string Ssh => Path.Combine(Home, "ssh");

    public string Logs => Path.Combine(Home, "logs");

    public string ServerLog => Path.Combine(Logs, "server.log");

    public string EdgeLog => Path.Combine(Logs, "edge.log");

    /// <summary>The searchable store of all log lines and requests. It is not state: losing it does no harm.</summary>
    public string LogStore => Path.Combine(Logs, "logs.db");

    /// <summary>Bare Git repositories: uploads and mirrors.</summary>
    public string Sources => Path.Combine(Home, "sources");

    /// <summary>Published static sites, one directory per deploy.</summary>
    public string Sites => Path.Combine(Home, "sites");

    /// <summary>Segments that the edge writes, with a line for each request to a service.</summary>
    public string Requests => Path.Combine(Home, "requests");

    /// <summary>Segments that the edge writes, with counts of all requests to services.</summary>
    public string Traffic => Path.Combine(Home, "traffic");

    /// <summary>The store of metrics. It is not state: losing it does no harm.</summary>
    public string Metrics => Path.Combine(Home, "metrics");

    /// <summary>The engine's own folder.</summary>
    public string Engine => Path.Combine(Home, "engine");

    /// <summary>The command's own folder: snapshots of the directories that it deployed.</summary>
    public string Snapshots => Path.Combine(Home, "snapshots");

    /// <summary>All folders above, in the order in which they are deleted.</summary>
    public IReadOnlyList<string> Folders => [Engine, Sites, Sources, Snapshots, Logs, Requests, Traffic, Metrics, Run, Ssh, State];

    /// <summary>Deletes <see cref="Folders"/>, and the home if nothing else is in it, such as the user's <see cref="SettingsFile"/>.</summary>
    /// <exception cref="IOException">A file could not be deleted. Deleting can be repeated.</exception>
    /// <exception cref="UnauthorizedAccessException">A file belongs to another account.</exception>
    public void DeleteAll()
    {
        foreach (var folder in Folders.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
        if (Directory.Exists(Home) && !Directory.EnumerateFileSystemEntries(Home).Any())
            Directory.Delete(Home);
    }

    /// <summary>A unix socket's path has at most 107 bytes; <see cref="EdgeSocket"/> must fit.</summary>
    public const int LongestHome = 90;
}
