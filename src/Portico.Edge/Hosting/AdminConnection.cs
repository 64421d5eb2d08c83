namespace Portico.Edge.Hosting;

/// <summary>Marks a connection to the admin socket, as one of the connection's features.</summary>
internal sealed class AdminConnection
{
    public static AdminConnection Mark { get; } = new();
}
