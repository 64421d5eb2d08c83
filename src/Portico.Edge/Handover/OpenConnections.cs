namespace Portico.Edge.Handover;

/// <summary>Connections of clients to the public port.</summary>
internal sealed class OpenConnections
{
    private int _count;
    private bool _closing;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Each is to be closed by the answer to its next request: what comes after that goes to another edge.</summary>
    public bool IsClosing => Volatile.Read(ref _closing);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave() => Interlocked.Decrement(ref _count);

    public void CloseEach() => Volatile.Write(ref _closing, true);
}
