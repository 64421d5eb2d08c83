using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A database that nobody is connected to, with one table.</summary>
internal sealed class SimPostgresInspector : IPostgresInspector
{
    public Task<IReadOnlyDictionary<string, int>> CountConnectionsByUserAsync(
        PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, int>>(new Dictionary<string, int>());

    public Task<IReadOnlyList<PostgresSession>> ListSessionsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PostgresSession>>([new PostgresSession(
            1, spec.DatabaseName, spec.User, "psql", "127.0.0.1", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, "active", null, null, "SELECT 1",
            TimeSpan.FromSeconds(1), true)]);

    public Task<IReadOnlyList<PostgresRelationSize>> ListSizesAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PostgresRelationSize>>(
            [new PostgresRelationSize("public", "notes", null, 8192), new PostgresRelationSize("public", "notes", "notes_pkey", 8192)]);

    public Task<IReadOnlyList<PostgresTableScans>> ListTableScansAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PostgresTableScans>>([new PostgresTableScans("public", "notes", 3)]);

    public Task<IReadOnlyList<PostgresStatement>> ListTopStatementsAsync(PostgresSpec spec, InstanceAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PostgresStatement>>([new PostgresStatement
        {
            Id = "1",
            Text = "SELECT $1",
            Calls = 2,
            Rows = 2,
            TotalTime = 3,
            LeastTime = 1,
            MostTime = 2,
            MeanTime = 1.5,
            TimeDeviation = 0.5,
            Shared = new PostgresBlocks(1, 2, 3, 4),
            Local = default,
            TemporaryRead = 0,
            TemporaryWritten = 0,
        }]);
}
