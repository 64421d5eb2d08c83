using Portico.Core.Routing;

namespace Portico.ControlPlane.Routing;

/// <summary>The edge process, as the server sees it.</summary>
public interface IEdge
{
    /// <summary>Null while it does not answer.</summary>
    Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken);
}
