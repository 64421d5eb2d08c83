namespace Portico.Edge.Handover;

/// <summary>Counts the connections of clients to the public port.</summary>
internal sealed class OpenConnections
{
    private int _count;
    private bool _closing;

    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether each connection is closed by the answer to its next request, so that the client's next one reaches another edge.</summary>
    public bool IsClosing => Volatile.Read(ref _closing);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);

    public void CloseEach() => Volatile.Write(ref _closing, true);
}
