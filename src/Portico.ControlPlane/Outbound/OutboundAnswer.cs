using System.Net.Http.Headers;

namespace Portico.ControlPlane.Outbound;

/// <param name="Time">The limit for the whole request: lookup, connection and response.</param>
/// <param name="BodyBytes">How many bytes of the response body are read.</param>
internal sealed record OutboundLimits(TimeSpan Time, int BodyBytes);

/// <param name="Time">The limit for the whole download.</param>
/// <param name="Bytes">The maximum size in bytes.</param>
internal sealed record OutboundFile(TimeSpan Time, long Bytes);

/// <param name="Status">The status code. Redirects are not followed: 302 is a response like any other.</param>
/// <param name="Body">The beginning of the body, up to the limit.</param>
/// <param name="IsCut">Whether the body is incomplete.</param>
internal sealed record OutboundAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsCut, HttpResponseHeaders Headers)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>There was no response. The message tells the user who gave the URL why.</summary>
internal sealed class OutboundException : Exception
{
    public OutboundException() { }

    public OutboundException(string message) : base(message) { }

    public OutboundException(string message, Exception innerException) : base(message, innerException) { }
}
