using Portico.Core.Engines;

namespace Portico.Core.Deploys;

/// <summary>Why a deploy or data store failed, for people.</summary>
/// <param name="Step">The step that failed: <c>build</c>, <c>publish</c>, <c>start</c>, <c>health check</c>, …</param>
/// <param name="Message">What happened, in one sentence.</param>
/// <param name="LastLines">The last log lines that show the failure, oldest first.</param>
/// <param name="Hint">What to try next; null when there is no advice.</param>
public sealed record DeployFailure(string Step, string Message, IReadOnlyList<string> LastLines, string? Hint)
{
    /// <summary>The cause; null when the message alone explains it.</summary>
    public FailureCause? Cause { get; init; }
}
