namespace Portico.ControlPlane.Api;

/// <summary>A request that is refused for how it uses HTTP, which no feature knows of: a media type, a signature, a method.</summary>
/// <param name="message">For a person: what is wrong, and what to send instead.</param>
internal sealed class HttpRefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
