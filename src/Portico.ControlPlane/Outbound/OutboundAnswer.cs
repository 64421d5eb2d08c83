using System.Net.Http.Headers;

namespace Portico.ControlPlane.Outbound;

/// <param name="Time">For all of it: the name, the connection, the answer.</param>
/// <param name="BodyBytes">How much of the answer's body is read.</param>
public sealed record OutboundLimits(TimeSpan Time, int BodyBytes);

/// <param name="Time">For all of it.</param>
/// <param name="Bytes">How long it is at most.</param>
public sealed record OutboundFile(TimeSpan Time, long Bytes);

/// <param name="Status">Redirects are not followed: 302 is an answer like any other.</param>
/// <param name="Body">Its beginning, up to the limit.</param>
/// <param name="IsCut">There was more of the body, or it did not come to its end.</param>
public sealed record OutboundAnswer(int Status, ReadOnlyMemory<byte> Body, bool IsCut, HttpResponseHeaders Headers)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>There was no answer; the message says why, for the person who gave the URL.</summary>
public sealed class OutboundException : Exception
{
    public OutboundException() { }

    public OutboundException(string message) : base(message) { }

    public OutboundException(string message, Exception innerException) : base(message, innerException) { }
}
