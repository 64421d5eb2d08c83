using Portico.Core.Engines;

namespace Portico.Core.Supervision;

/// <param name="WakeAt">When to decide again if nothing happens before; null if time alone changes nothing.</param>
public sealed record SupervisorPlan(IReadOnlyList<SupervisorAction> Actions, DateTimeOffset? WakeAt);

public abstract record SupervisorAction
{
    private SupervisorAction() { }

    /// <summary>Create a new instance and start it.</summary>
    public sealed record Create(RevisionId Revision) : SupervisorAction;

    /// <summary>Start an instance that has exited.</summary>
    public sealed record Start(InstanceId Instance) : SupervisorAction;

    /// <summary>Stop sending new requests to a surplus instance, which finishes those that it has.</summary>
    public sealed record Drain(InstanceId Instance) : SupervisorAction;

    /// <summary>Send an instance its stop signal.</summary>
    /// <param name="ComesBack">Whether its end counts as a crash, so that it is started again.</param>
    public sealed record Stop(InstanceId Instance, bool ComesBack) : SupervisorAction;

    /// <summary>Kill all processes of an instance.</summary>
    public sealed record Kill(InstanceId Instance) : SupervisorAction;

    /// <summary>Forget an instance that has ended and is not needed any more.</summary>
    public sealed record Remove(InstanceId Instance) : SupervisorAction;
}
