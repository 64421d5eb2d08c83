using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

/// <summary>Sends what changes in the overview of a workspace. Without a follower, it does no work and keeps no data.</summary>
/// <remarks>
/// <code>
/// follower ─ every 0.3 s ─► has the database or an instance changed?  ─ no ─► nothing
///                              └ yes ─► read the overview again, once for all followers of the workspace ─► send the rows that differ
/// </code>
/// SQLite counts what other connections commit, so no change is missed, whichever part of the server makes it. A slow follower gets fewer and larger messages,
/// and never a queue.
/// </remarks>
internal sealed class OverviewFeed(IDbContextFactory<PorticoDb> databases, OverviewReader reader, IEngine engine, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>Reading takes at most this part of the time, however large the workspace is.</summary>
    private const int PauseForWork = 8;

    private readonly Dictionary<string, Snapshot> _snapshots = [];
    private readonly SemaphoreSlim _gate = new(1);
    private PorticoDb? _watching;
    private int _followers;

    private sealed record Snapshot((long Commits, int Instances) Version, IReadOnlyDictionary<string, TrafficRate> Traffic, TimeSpan Cost, FrozenDictionary<string, OverviewRow> Rows, IReadOnlyList<OverviewRow> InOrder);

    /// <summary>Returns the whole overview, and then each change of it.</summary>
    public async IAsyncEnumerable<OverviewChange> FollowAsync(string workspace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        try
        {
            Snapshot? sent = null;
            for (var number = 1; ;)
            {
                var current = await ReadAsync(workspace, cancellationToken);
                if (ChangeOf(sent, current, number) is { } change)
                {
                    yield return change;
                    number++;
                }
                sent = current;
                await Task.Delay(current.Cost * PauseForWork > Interval ? current.Cost * PauseForWork : Interval, time, cancellationToken);
            }
        }
        finally
        {
            await EndAsync();
        }
    }

    public void Dispose()
    {
        _watching?.Dispose();
        _gate.Dispose();
    }

    private static OverviewChange? ChangeOf(Snapshot? sent, Snapshot current, int number)
    {
        if (sent is null)
            return new OverviewChange(number, IsWhole: true, current.InOrder, []);
        if (ReferenceEquals(sent, current))
            return null;
        var changed = current.InOrder.Where(row => !ReferenceEquals(row, sent.Rows.GetValueOrDefault(row.Id))).ToList();
        var removed = sent.Rows.Keys.Where(id => !current.Rows.ContainsKey(id)).ToList();
        return changed.Count + removed.Count == 0 ? null : new OverviewChange(number, IsWhole: false, changed, removed);
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _followers++;
        _gate.Release();
    }

    private async Task EndAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        if (--_followers == 0)
        {
            _snapshots.Clear();
            _watching?.Dispose();
            _watching = null;
        }
        _gate.Release();
    }

    private async Task<Snapshot> ReadAsync(string workspace, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var version = (await CommitsAsync(cancellationToken), InstancesNow());
            var before = _snapshots.GetValueOrDefault(workspace);
            var traffic = reader.Traffic;
            if (before is not null && before.Version == version)
                return ReferenceEquals(before.Traffic, traffic) ? before : _snapshots[workspace] = WithTraffic(before, traffic);
            return _snapshots[workspace] = await ReadAsync(workspace, before, version, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<Snapshot> ReadAsync(string workspace, Snapshot? before, (long, int) version, CancellationToken cancellationToken)
    {
        var (started, traffic) = (time.GetTimestamp(), reader.Traffic);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = (await reader.ReadAsync(db, workspace, cancellationToken))
            .Select(row => before?.Rows.GetValueOrDefault(row.Id) is { } old && old == row ? old : row).ToList();
        return SnapshotOf(version, traffic, time.GetElapsedTime(started), rows);
    }

    /// <summary>New numbers of requests need nothing else to be read again.</summary>
    private static Snapshot WithTraffic(Snapshot before, IReadOnlyDictionary<string, TrafficRate> traffic) =>
        SnapshotOf(before.Version, traffic, before.Cost, [.. before.InOrder.Select(row => OverviewReader.With(traffic, row))]);

    private static Snapshot SnapshotOf((long, int) version, IReadOnlyDictionary<string, TrafficRate> traffic, TimeSpan cost, IReadOnlyList<OverviewRow> rows) =>
        new(version, traffic, cost, rows.ToFrozenDictionary(row => row.Id, StringComparer.Ordinal), rows);

    /// <summary>A number that differs after another connection has committed a change. It means something only to the connection that asks.</summary>
    private async Task<long> CommitsAsync(CancellationToken cancellationToken)
    {
        if (_watching is null)
        {
            var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Database.OpenConnectionAsync(cancellationToken);
            _watching = db;
        }
        await using var command = _watching.Database.GetDbConnection().CreateCommand();
        return await NumberAsync(command, cancellationToken);
    }

    private static async Task<long> NumberAsync(DbCommand command, CancellationToken cancellationToken)
    {
        command.CommandText = "PRAGMA data_version";
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private int InstancesNow()
    {
        var hash = new HashCode();
        foreach (var instance in engine.Observe().Instances)
        {
            hash.Add(instance.Id);
            hash.Add(instance.Status);
            hash.Add(instance.Warning);
        }
        return hash.ToHashCode();
    }
}
