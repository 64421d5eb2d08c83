using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A database that nobody is connected to.</summary>
internal sealed class SimPostgresInspector : IPostgresInspector
{
    public Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>());
}
