using Portico.Core.Engines;

namespace Portico.Core.Deploys;

/// <summary>Why a deploy or data store failed, for a person.</summary>
/// <param name="Step">Where: <c>build</c>, <c>publish</c>, <c>start</c>, <c>health check</c>, …</param>
/// <param name="Message">What happened, in one sentence.</param>
/// <param name="LastLines">The end of the log that shows it, oldest first.</param>
/// <param name="Hint">What to try next; null when nothing better is known.</param>
public sealed record DeployFailure(string Step, string Message, IReadOnlyList<string> LastLines, string? Hint)
{
    /// <summary>Null where the message alone tells.</summary>
    public FailureCause? Cause { get; init; }
}
