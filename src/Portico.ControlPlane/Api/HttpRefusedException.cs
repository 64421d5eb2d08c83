namespace Portico.ControlPlane.Api;

/// <summary>A request that is rejected for how it uses HTTP: its media type, signature or method. Features do not know these.</summary>
/// <param name="message">A message for the user: what is wrong, and what to send instead.</param>
internal sealed class HttpRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
