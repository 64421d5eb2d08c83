namespace Portico.ControlPlane.Background;

/// <summary>Brings the world to what the state says, one repeatable step at a time.</summary>
internal interface IReconciler
{
    string Name { get; }

    /// <summary>Looks at everything and does what can be done now.</summary>
    /// <returns>When to look again though nothing has changed; null when a signal will tell.</returns>
    Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken);
}
