namespace Portico.Core.Routing;

/// <summary>Everything that the edge serves. The server writes it as a whole; the edge reads and swaps it atomically.</summary>
public sealed record RoutesSnapshot
{
    /// <summary>The version, which increases with every change; the edge reports the one that it serves.</summary>
    public required long Version { get; init; }

    /// <summary>The unix socket of the server, which serves <see cref="PlatformHosts"/>.</summary>
    public required string ServerSocket { get; init; }

    /// <summary>The hosts of the platform itself: <c>localhost</c>, its address, the bare domain.</summary>
    public required IReadOnlyList<string> PlatformHosts { get; init; }

    public required IReadOnlyList<ServiceRoute> Services { get; init; }

    /// <summary>Data stores with external access. An older edge ignores them.</summary>
    public IReadOnlyList<DataStoreRoute> DataStores { get; init => field = value ?? []; } = [];

    /// <summary>The private network; null if there is none. An older edge does not serve it.</summary>
    public PrivateNetworkRoutes? Network { get; init; }

    /// <summary>Data stores in the private network that are also reached at their former loopback ports. An older edge ignores them.</summary>
    public IReadOnlyList<LoopbackStoreRoute> LoopbackStores { get; init => field = value ?? []; } = [];

    /// <summary>How long a request waits while a service wakes up; null for one minute.</summary>
    public int? WakeSeconds { get; init; }

    /// <summary>What clients may open and send. An older edge has limits of its own.</summary>
    public ClientLimits Limits { get; init => field = value ?? new(); } = new();

    /// <summary>The address ranges (CIDR) of proxies in front of the edge that say who the client is. An older edge believes none.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init => field = value ?? []; } = [];
}

/// <summary>One service that serves public or internal requests.</summary>
public sealed record ServiceRoute
{
    public required string ServiceId { get; init; }

    public required string Name { get; init; }

    /// <summary>The host names, lower case and without port; empty for a private service.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The <see cref="Hosts"/> that redirect to another host of this service. An older edge serves them without a redirect.</summary>
    public IReadOnlyList<HostRedirect> Redirects { get; init => field = value ?? []; } = [];

    /// <summary><c>*.example.org</c>: every host one label below that no service has as its own. An older edge does not serve them.</summary>
    public IReadOnlyList<string> Wildcards { get; init => field = value ?? []; } = [];

    public required ServiceRouteState State { get; init; }

    /// <summary>The instances that may receive requests. Empty for a static site.</summary>
    /// <remarks>The generated reader passes null for absent fields.</remarks>
    public IReadOnlyList<RouteInstance> Instances { get; init => field = value ?? []; } = [];

    /// <summary>
    /// A loopback port that the edge relays to the instances as plain TCP. Null if there is a private network and no service's
    /// variables contain the port any more, and for a static site.
    /// </summary>
    public int? InternalPort { get; init; }

    /// <summary>
    /// The service's address in the private network. Connections to any of its ports are relayed to the same port of an instance.
    /// Null without a private network, and for a static site.
    /// </summary>
    public string? InternalAddress { get; init; }

    /// <summary>
    /// The only address ranges (CIDR) that may make public requests; null for all. Internal requests are not checked.
    /// An older edge serves all addresses.
    /// </summary>
    public IReadOnlyList<string>? AllowedSources { get; init; }

    /// <summary>Whether no deploy has gone live because the newest one failed. An older edge says that none has gone live yet.</summary>
    public bool DeployFailed { get; init; }

    /// <summary>Whether it sleeps without requests; the edge then reports the time of the last request.</summary>
    public bool Sleeps { get; init; }

    /// <summary>Set while the edge responds to public requests itself; internal requests still reach the service.</summary>
    public MaintenanceRoute? Maintenance { get; init; }

    /// <summary>Set for a static site that has been published.</summary>
    public StaticSiteRoute? Site { get; init; }
}

/// <summary>One data store that external clients connect to.</summary>
/// <param name="ExternalPort">The port on every address of this machine.</param>
/// <param name="Port">The port of its server, which accepts only encrypted connections from the edge.</param>
/// <param name="AllowedSources">The only address ranges (CIDR) that may connect; an empty list allows none.</param>
public sealed record DataStoreRoute(string Id, string Name, int ExternalPort, int Port, IReadOnlyList<string> AllowedSources)
{
    /// <summary>
    /// The source address of external connections without a private network, so that a server can tell them from connections of the
    /// platform's own services.
    /// </summary>
    public const string LoopbackSource = "127.0.0.2";

    /// <summary>The address of its server; null for the loopback address.</summary>
    public string? Host { get; init; }
}

public enum ServiceRouteState
{
    /// <summary>An instance is ready or starting; requests are held while none is ready.</summary>
    Live,

    /// <summary>No deploy has gone live yet.</summary>
    NotDeployed,

    /// <summary>Deployed, but no instance is ready or starting.</summary>
    Unhealthy,

    Suspended,

    /// <summary>It sleeps or is waking up. Requests are held, and the edge reports them to the server.</summary>
    Asleep,
}

/// <param name="Uri">The URL of the page to show; null for the edge's own page.</param>
public sealed record MaintenanceRoute(string? Uri);

/// <summary>Redirects with 301 to the same path and query on another host.</summary>
public sealed record HostRedirect(string Host, string To);

public sealed record RouteInstance(string Id, string Host, int Port);

/// <param name="Directory">The absolute path of a published directory; see <see cref="SiteManifest"/>.</param>
/// <param name="Routes">Redirects and rewrites of the Blueprint. The first match applies, and only if no file has the path.</param>
/// <param name="Headers">All matching rules apply; a later one replaces an earlier one with the same name.</param>
public sealed record StaticSiteRoute(
    string Directory, IReadOnlyList<SiteRedirect> Routes, IReadOnlyList<SiteHeader> Headers);

/// <param name="Source">A path; <c>*</c> matches any text, <c>:name</c> one segment, as in Render's redirects and rewrites.</param>
/// <param name="Destination">A path or a full URL, in which <c>*</c> and <c>:name</c> stand for what they matched.</param>
public sealed record SiteRedirect(SiteRedirectKind Kind, string Source, string Destination);

public enum SiteRedirectKind
{
    /// <summary>Redirects to the destination with 301.</summary>
    Redirect,

    /// <summary>Serves the destination's content under the source's path.</summary>
    Rewrite,
}

/// <param name="Path">A path pattern, as in Render's headers: <c>*</c> matches any text at the end and within one segment elsewhere; <c>**</c> matches whole segments.</param>
public sealed record SiteHeader(string Path, string Name, string Value);
