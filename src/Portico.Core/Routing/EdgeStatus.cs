namespace Portico.Core.Routing;

/// <summary>What the edge answers on its admin socket at <c>GET /status</c>.</summary>
/// <param name="Version">The version of the snapshot that it serves; 0 before the first.</param>
/// <param name="Refused">Why the newest file was refused; null when it was not.</param>
/// <param name="InFlight">Requests and busy connections under way, by instance id; an instance that is not named has none.</param>
public sealed record EdgeStatus(long Version, int ProcessId, string? Refused, IReadOnlyDictionary<string, int> InFlight)
{
    /// <summary>Whether the edge does its work, and whether its keeper should replace it.</summary>
    public EdgeHealth Health { get; init; }

    /// <summary>Whether the public port accepts connections. False also for an edge that has handed over.</summary>
    public bool IsAccepting { get; init; }

    /// <summary>The background loops and listeners whose newest pass failed; all of them are retried.</summary>
    public IReadOnlyList<EdgeLoopFailure> FailingLoops { get; init => field = value ?? []; } = [];

    /// <summary>What of the served snapshot does not work here, as messages for people: an internal port that is taken, a site that cannot be read.</summary>
    /// <remarks>The generated reader passes null for what the text leaves out.</remarks>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];

    /// <summary>When somebody last asked for each service that sleeps, by service id; one that nobody asked for since the edge started is not named.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LastTraffic { get; init => field = value ?? new Dictionary<string, DateTimeOffset>(); } =
        new Dictionary<string, DateTimeOffset>();

    /// <summary>Services that sleep and have requests waiting now.</summary>
    public IReadOnlyList<string> Held { get; init => field = value ?? []; } = [];

    /// <summary>Processes of edges that have handed over to this one and still finish their connections; their requests are counted here.</summary>
    public IReadOnlyList<int> Predecessors { get; init => field = value ?? []; } = [];
}

/// <summary>How well an edge does its work.</summary>
public enum EdgeHealth
{
    /// <summary>Everything works. An edge that does not report its health is taken for healthy.</summary>
    Healthy,

    /// <summary>Requests are served and routes are followed, but something fails that another edge on this machine could do no better: records on a full disk.</summary>
    Degraded,

    /// <summary>The edge accepts no connections, or serves routes and cannot follow new ones. Another edge should take over.</summary>
    Unhealthy,
}

/// <summary>A background loop or listener of the edge that fails now.</summary>
/// <param name="Loop">Its name: <c>routes</c>, <c>records</c>, <c>handover</c>, <c>public port</c>, <c>internal port 10001</c>.</param>
/// <param name="Since">When its first failure in a row happened.</param>
/// <param name="Message">Why its newest pass failed.</param>
public sealed record EdgeLoopFailure(string Loop, DateTimeOffset Since, string Message);

/// <summary>
/// What the edge answers on its admin socket at <c>GET /wakes?after=SEQUENCE</c>: at once when there is news, otherwise when
/// there is, or empty after a while.
/// </summary>
/// <param name="Sequence">Grows with each service that is asked for; to be given as <c>after</c> the next time.</param>
/// <param name="Services">Ids of services that are asleep and have requests waiting.</param>
public sealed record EdgeWakes(long Sequence, IReadOnlyList<string> Services);
