using Portico.Core.Engines;

namespace Portico.Engines.Process.Runs;

/// <summary>A build or job cannot continue. The message is for its owner.</summary>
internal sealed class RunFailure(string message, FailureCause? cause = null) : Exception(message)
{
    public FailureCause? Cause => cause;
}
