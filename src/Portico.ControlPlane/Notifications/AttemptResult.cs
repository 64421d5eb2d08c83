using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>How an attempt went.</summary>
/// <param name="StatusCode">Of the answer; null where there was none.</param>
/// <param name="Body">The beginning of the answer.</param>
/// <param name="Error">Why it failed, for a person; null when it did not.</param>
public sealed record AttemptResult(AttemptOutcome Outcome, int? StatusCode, string? Body, string? Error);
