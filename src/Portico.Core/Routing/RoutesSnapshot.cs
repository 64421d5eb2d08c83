namespace Portico.Core.Routing;

/// <summary>Everything that the edge serves. Written whole by the server, read and swapped atomically by the edge.</summary>
public sealed record RoutesSnapshot
{
    /// <summary>Grows with every change; the edge reports the version that it serves.</summary>
    public required long Version { get; init; }

    /// <summary>The unix socket of the server, which answers for <see cref="PlatformHosts"/>.</summary>
    public required string ServerSocket { get; init; }

    /// <summary>Hosts of the platform itself: <c>localhost</c>, its address, the bare domain.</summary>
    public required IReadOnlyList<string> PlatformHosts { get; init; }

    public required IReadOnlyList<ServiceRoute> Services { get; init; }

    /// <summary>Data stores that are reached from outside. An edge that does not know of them leaves them where they are.</summary>
    public IReadOnlyList<DataStoreRoute> DataStores { get; init => field = value ?? []; } = [];

    /// <summary>How long a request waits for a service that wakes up; null for a minute.</summary>
    public int? WakeSeconds { get; init; }
}

/// <summary>One service that answers requests, public or internal.</summary>
public sealed record ServiceRoute
{
    public required string ServiceId { get; init; }

    public required string Name { get; init; }

    /// <summary>Lower-case host names without port; empty for a private service.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>Those of <see cref="Hosts"/> that lead on to another one of this service. An edge that does not know of them serves them.</summary>
    public IReadOnlyList<HostRedirect> Redirects { get; init => field = value ?? []; } = [];

    /// <summary><c>*.example.org</c>: every host one label below that is nobody's own. An edge that does not know of them does not serve them.</summary>
    public IReadOnlyList<string> Wildcards { get; init => field = value ?? []; } = [];

    public required ServiceRouteState State { get; init; }

    /// <summary>Instances that may take requests. Empty for a static site.</summary>
    /// <remarks>The generated reader passes null for what the text leaves out.</remarks>
    public IReadOnlyList<RouteInstance> Instances { get; init => field = value ?? []; } = [];

    /// <summary>A loopback port that the edge relays to the instances as plain TCP: the service's internal address. Null for a static site.</summary>
    public int? InternalPort { get; init; }

    /// <summary>
    /// Ranges of addresses (CIDR) that alone may make public requests; null for everybody. Internal ones are not asked.
    /// An edge that does not know of them serves everybody.
    /// </summary>
    public IReadOnlyList<string>? AllowedSources { get; init; }

    /// <summary>It sleeps when nobody asks for it: the edge tells when somebody did last.</summary>
    public bool Sleeps { get; init; }

    /// <summary>Set while public requests are answered by the edge alone; internal ones are not.</summary>
    public MaintenanceRoute? Maintenance { get; init; }

    /// <summary>Set for a static site that has been published.</summary>
    public StaticSiteRoute? Site { get; init; }
}

/// <summary>One data store that clients outside the platform connect to.</summary>
/// <param name="ExternalPort">On every address of this machine.</param>
/// <param name="Port">Of its server on the loopback address, which takes nothing that is not encrypted from there.</param>
/// <param name="AllowedSources">Ranges of addresses (CIDR) that alone may connect; none for nobody.</param>
public sealed record DataStoreRoute(string Id, string Name, int ExternalPort, int Port, IReadOnlyList<string> AllowedSources)
{
    /// <summary>Where connections from outside seem to come from, so that a server can tell them from those of the platform's own services.</summary>
    public const string Source = "127.0.0.2";
}

public enum ServiceRouteState
{
    /// <summary>An instance is ready, or will be in a moment: requests are held while there is none.</summary>
    Live,

    /// <summary>No deploy has gone live yet.</summary>
    NotDeployed,

    /// <summary>Deployed, but no instance is ready or starting.</summary>
    Unhealthy,

    Suspended,

    /// <summary>It sleeps or is waking up: requests are held, and the server is told of them.</summary>
    Asleep,
}

/// <param name="Uri">Of the page that is shown; null for the edge's own.</param>
public sealed record MaintenanceRoute(string? Uri);

/// <summary>301 to the same path and query of another host.</summary>
public sealed record HostRedirect(string Host, string To);

public sealed record RouteInstance(string Id, string Host, int Port);

/// <param name="Directory">A published directory, absolute; see <see cref="SiteManifest"/>.</param>
/// <param name="Routes">Redirects and rewrites of the Blueprint; the first that matches wins, and only where no file has the path.</param>
/// <param name="Headers">Every rule that matches applies; a later one replaces an earlier one of the same name.</param>
public sealed record StaticSiteRoute(
    string Directory, IReadOnlyList<SiteRedirect> Routes, IReadOnlyList<SiteHeader> Headers);

/// <param name="Source">A path; <c>*</c> stands for any text, <c>:name</c> for one segment, as in Render's redirects and rewrites.</param>
/// <param name="Destination">A path or a full URL, in which <c>*</c> and <c>:name</c> stand for what they matched.</param>
public sealed record SiteRedirect(SiteRedirectKind Kind, string Source, string Destination);

public enum SiteRedirectKind
{
    /// <summary>301 to the destination.</summary>
    Redirect,

    /// <summary>The destination's content under the source's path.</summary>
    Rewrite,
}

/// <param name="Path">A path pattern, as in Render's headers: <c>*</c> at the end is any text, elsewhere within one segment; <c>**</c> is whole segments.</param>
public sealed record SiteHeader(string Path, string Name, string Value);
