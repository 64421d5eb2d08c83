namespace Portico.Core.Routing;

/// <summary>The edge's response to <c>GET /status</c> on its admin socket.</summary>
/// <param name="Version">The version of the snapshot that it serves; 0 before the first.</param>
/// <param name="Refused">Why the edge refused the newest file; null when it did not.</param>
/// <param name="InFlight">The number of active requests and connections, by instance id; absent instances have none.</param>
public sealed record EdgeStatus(long Version, int ProcessId, string? Refused, IReadOnlyDictionary<string, int> InFlight)
{
    /// <summary>The source address of the server's own checks of the public port, which no limit of connections refuses.</summary>
    public const string CheckSource = "127.0.0.3";

    /// <summary>Whether the edge does its work, and whether its keeper should replace it.</summary>
    public EdgeHealth Health { get; init; }

    /// <summary>Whether the public port accepts connections. False also for an edge that has handed over.</summary>
    public bool IsAccepting { get; init; }

    /// <summary>The background loops and listeners whose newest pass failed; all of them are retried.</summary>
    public IReadOnlyList<EdgeLoopFailure> FailingLoops { get; init => field = value ?? []; } = [];

    /// <summary>Problems with the served snapshot, for people: an internal port in use, an unreadable site.</summary>
    /// <remarks>The generated reader passes null for absent fields.</remarks>
    public IReadOnlyList<string> Problems { get; init => field = value ?? []; } = [];

    /// <summary>The time of the last request for each service that can sleep, by service id; absent without a request since the edge started.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LastTraffic { get; init => field = value ?? new Dictionary<string, DateTimeOffset>(); } =
        new Dictionary<string, DateTimeOffset>();

    /// <summary>Sleeping services with waiting requests.</summary>
    public IReadOnlyList<string> Held { get; init => field = value ?? []; } = [];

    /// <summary>The processes of old edges that have handed over to this one and still finish their requests, which are included in the counts here.</summary>
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
/// The edge's response to <c>GET /wakes?after=SEQUENCE</c> on its admin socket: immediately when there are new requests, otherwise when
/// one arrives, or empty after a while.
/// </summary>
/// <param name="Sequence">Increases with each request for a sleeping service; pass it as <c>after</c> the next time.</param>
/// <param name="Services">The ids of sleeping services with waiting requests.</param>
public sealed record EdgeWakes(long Sequence, IReadOnlyList<string> Services);
