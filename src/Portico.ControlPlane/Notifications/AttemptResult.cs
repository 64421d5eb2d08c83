using Portico.Core.Notifications;

namespace Portico.ControlPlane.Notifications;

/// <summary>The result of an attempt.</summary>
/// <param name="StatusCode">The status code of the response; null if there was none.</param>
/// <param name="Body">The beginning of the response body.</param>
/// <param name="Error">Why it failed, as shown to users; null if it succeeded.</param>
internal sealed record AttemptResult(AttemptOutcome Outcome, int? StatusCode, string? Body, string? Error);
