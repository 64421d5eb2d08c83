namespace Portico.ControlPlane.Refusals;

/// <summary>A request that cannot be carried out. Nothing has been changed.</summary>
/// <param name="message">For a person: what is wrong, where, and what to do.</param>
public sealed class RefusedException(RefusalKind kind, string message) : Exception(message)
{
    public RefusalKind Kind { get; } = kind;
}
