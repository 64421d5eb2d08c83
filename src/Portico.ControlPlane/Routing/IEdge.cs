using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>The edge process, as the server sees it.</summary>
internal interface IEdge
{
    /// <summary>The status of the edge; null while it does not respond.</summary>
    Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Waits until requests for a sleeping service are waiting, for at most 30 seconds.</summary>
    /// <param name="after">The sequence number of the previous response; 0 for the first call.</param>
    /// <returns>Null if the edge does not respond.</returns>
    Task<EdgeWakes?> WaitForWakesAsync(long after, CancellationToken cancellationToken);
}
