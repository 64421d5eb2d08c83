using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>The edge process, as the server sees it.</summary>
public interface IEdge
{
    /// <summary>Null while it does not answer.</summary>
    Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken);

    /// <summary>Waits until requests wait for a service that sleeps, at most half a minute.</summary>
    /// <param name="after">The sequence of the answer before; 0 at first.</param>
    /// <returns>Null when the edge does not answer.</returns>
    Task<EdgeWakes?> WaitForWakesAsync(long after, CancellationToken cancellationToken);
}
