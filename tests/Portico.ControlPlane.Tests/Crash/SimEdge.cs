using System.Text.Json;
using Portico.ControlPlane.Routing;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>An edge that serves whatever the routes file says, when it is up.</summary>
internal sealed class SimEdge(string routesFile) : IEdge
{
    public bool IsUp { get; set; } = true;

    public RoutesSnapshot? Served { get; private set; }

    public Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken)
    {
        if (!IsUp)
            return Task.FromResult<EdgeStatus?>(null);
        if (File.Exists(routesFile))
            Served = JsonSerializer.Deserialize(File.ReadAllBytes(routesFile), RoutingJson.Default.RoutesSnapshot);
        return Task.FromResult<EdgeStatus?>(new EdgeStatus(Served?.Version ?? 0, 1, null, new Dictionary<string, int>()));
    }
}
