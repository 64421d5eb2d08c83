namespace Portico.Edge.Proxy;

/// <summary>How an attempt to send a request failed.</summary>
internal enum AttemptFailure
{
    /// <summary>The instance is no longer routed to; nothing was sent.</summary>
    Retired,

    /// <summary>No connection could be made; nothing was sent.</summary>
    Unreachable,

    /// <summary>The connection broke before any response, and the request is safe, so it may be repeated.</summary>
    Reset,

    /// <summary>The request was sent and may have been carried out, so only the client can decide whether to repeat it.</summary>
    Final,

    /// <summary>The request itself cannot be sent to any instance.</summary>
    Unsendable,

    /// <summary>The instance answered, but not with HTTP.</summary>
    Malformed,

    /// <summary>The instance took the request and did not answer in time.</summary>
    TimedOut,
}
