namespace Portico.Edge.Proxy;

/// <summary>
/// One attempt to send a request. It notes whether any part of the request may have been sent, and prevents that HttpClient sends the
/// request again.
/// </summary>
/// <remarks>
/// HttpClient itself repeats a request without a body, whatever its method, up to three times when a connection ends before the
/// response. An instance may have carried the request out by then, so only <see cref="ServiceProxy"/> decides about it. HttpClient
/// cannot be told so. But it asks for the encoding of each header whenever it writes a request to a connection, and an exception from
/// there ends the attempt before a byte of that writing is sent.
/// </remarks>
internal sealed class Attempt
{
    private static readonly HttpRequestOptionsKey<Attempt> Key = new("Portico.Attempt");

    /// <summary>Whether a part of the request may have been sent. Without it, no instance can have carried the request out.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Begins the attempt that sends this message, which has the header <see cref="RequestId.RenderHeaderName"/> exactly once.</summary>
    public void Begin(HttpRequestMessage message)
    {
        IsSent = false;
        message.Options.Set(Key, this);
    }

    /// <summary>To be called for each header that HttpClient writes.</summary>
    /// <exception cref="AlreadySentException">The message was written to another connection before.</exception>
    public static void OnHeader(string header, HttpRequestMessage message)
    {
        if (header != RequestId.RenderHeaderName || !message.Options.TryGetValue(Key, out var attempt))
            return;
        if (attempt.IsSent)
            throw new AlreadySentException();
        attempt.IsSent = true;
    }

    private sealed class AlreadySentException() : Exception("The connection ended before the response.");
}
