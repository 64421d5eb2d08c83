using System.Net.Sockets;
using Portico.Edge.Model;

namespace Portico.Edge.Relay;

/// <summary>What is done with the connections that one port accepts.</summary>
internal interface IRelay
{
    /// <summary>Whether connections end by themselves, so that a stop waits for them before it cuts them.</summary>
    bool EndsByItself { get; }

    /// <summary>Called when the port will not be opened again: cuts the connections that do not end by themselves, where others do.</summary>
    void End()
    {
    }

    /// <summary>Cuts the connections that a new snapshot no longer allows.</summary>
    void Update(EdgeModel model);

    /// <summary>Relays one connection to its end.</summary>
    /// <returns>Whether both sides ended it in order. Otherwise the client gets a reset, so that it does not take what it has for everything.</returns>
    Task<bool> RelayAsync(Socket client, CancellationToken cut);
}
