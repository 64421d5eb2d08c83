using System.Text.Json;
using Portico.ControlPlane.Routing;
using Portico.Core.Routing;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>An edge that serves whatever the routes file says, when it is up.</summary>
internal sealed class SimEdge(string routesFile) : IEdge
{
    public bool IsUp { get; set; } = true;

    public RoutesSnapshot? Served { get; private set; }

    /// <summary>When somebody asked for services, by id.</summary>
    public Dictionary<string, DateTimeOffset> LastTraffic { get; } = [];

    /// <summary>Requests and websockets under way, by instance.</summary>
    public Dictionary<string, int> InFlight { get; } = [];

    /// <summary>Who is asked for is told by tests themselves.</summary>
    public Task<EdgeWakes?> WaitForWakesAsync(long after, CancellationToken cancellationToken) => Task.FromResult<EdgeWakes?>(null);

    public Task<EdgeStatus?> GetStatusAsync(CancellationToken cancellationToken)
    {
        if (!IsUp)
            return Task.FromResult<EdgeStatus?>(null);
        if (File.Exists(routesFile))
            Served = JsonSerializer.Deserialize(File.ReadAllBytes(routesFile), RoutingJson.Default.RoutesSnapshot);
        return Task.FromResult<EdgeStatus?>(new EdgeStatus(Served?.Version ?? 0, 1, null, new Dictionary<string, int>(InFlight))
        {
            LastTraffic = LastTraffic,
        });
    }
}
