using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <param name="WakeAt">When to decide again if nothing happens before; null when time alone changes nothing.</param>
public sealed record SupervisorPlan(IReadOnlyList<SupervisorAction> Actions, DateTimeOffset? WakeAt);

public abstract record SupervisorAction
{
    private SupervisorAction() { }

    /// <summary>Make a new instance and start it.</summary>
    public sealed record Create(RevisionId Revision) : SupervisorAction;

    /// <summary>Start an instance that has exited.</summary>
    public sealed record Start(InstanceId Instance) : SupervisorAction;

    /// <summary>Have it go on with the requests that it has, and get no more: it is one too many.</summary>
    public sealed record Drain(InstanceId Instance) : SupervisorAction;

    /// <summary>Ask it to end (SIGTERM).</summary>
    /// <param name="ComesBack">Its end counts as a crash: it is started again.</param>
    public sealed record Stop(InstanceId Instance, bool ComesBack) : SupervisorAction;

    /// <summary>End it now, with all that it started.</summary>
    public sealed record Kill(InstanceId Instance) : SupervisorAction;

    /// <summary>Forget it: it has ended and nobody wants it back.</summary>
    public sealed record Remove(InstanceId Instance) : SupervisorAction;
}
