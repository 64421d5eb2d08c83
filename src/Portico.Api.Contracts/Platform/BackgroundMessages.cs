namespace Portico.Api.Contracts.Platform;

/// <summary>Answer of <c>GET /portico/v1/background</c>: what the server and its edge do in the background.</summary>
/// <param name="Server">The loops and reconcilers of the server, ordered by name.</param>
/// <param name="Edge">The loops of the edge that fail now; null when the edge does not answer.</param>
public sealed record BackgroundReport(IReadOnlyList<BackgroundLoop> Server, IReadOnlyList<BackgroundFailure>? Edge);

/// <summary>One background loop or reconciler.</summary>
/// <param name="LastPass">When its newest pass ended; null before the first.</param>
/// <param name="DurationSeconds">How long the newest pass took.</param>
/// <param name="Passes">Since the server started, failed ones included.</param>
/// <param name="FailingSince">Since when every pass has failed; null while it works.</param>
/// <param name="Message">Why the newest pass failed; null while it works.</param>
/// <param name="Items">The items that failed and are retried; everything else goes its way meanwhile.</param>
public sealed record BackgroundLoop(
    string Name, DateTimeOffset? LastPass, double DurationSeconds, long Passes, long Failures, DateTimeOffset? FailingSince, string? Message,
    IReadOnlyList<BackgroundItem> Items);

/// <summary>One item that failed.</summary>
/// <param name="Attempts">Failures in a row; a full disk and the like are not counted.</param>
public sealed record BackgroundItem(string Item, int Attempts, DateTimeOffset FailingSince, DateTimeOffset RetryAt, string Message);

/// <summary>A loop of the edge that fails.</summary>
public sealed record BackgroundFailure(string Name, DateTimeOffset FailingSince, string Message);
