namespace Portico.ControlPlane.Refusals;

/// <summary>A rejected request. Nothing has been changed.</summary>
/// <param name="message">The message for the user: what is wrong, where, and what to do.</param>
internal sealed class RefusedException(RefusalKind kind, string message) : Exception(message)
{
    public RefusalKind Kind { get; } = kind;
}
