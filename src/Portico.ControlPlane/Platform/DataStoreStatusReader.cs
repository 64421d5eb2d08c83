using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

internal sealed class DataStoreStatusReader(LastLogLine lastLine, DataStoreAddresses addresses)
{
    public async Task<List<ResourceStatus>> ReadAsync(PorticoDb db, EngineSnapshot running, CancellationToken cancellationToken)
    {
        var statuses = new List<ResourceStatus>();
        foreach (var row in await db.DataStores.AsNoTracking().OrderBy(row => row.CreatedAt).ToListAsync(cancellationToken))
            statuses.Add(await ReadAsync(row, running, cancellationToken));
        return statuses;
    }

    private async Task<ResourceStatus> ReadAsync(DataStoreRow row, EngineSnapshot running, CancellationToken cancellationToken)
    {
        var instances = running.Instances.Where(instance => instance.Owner == row.Id).ToList();
        var busy = row.Status is DataStoreStatus.Creating or DataStoreStatus.Unavailable;
        var (host, port) = addresses.InsideOf(row);
        return new ResourceStatus
        {
            Name = row.Name,
            Id = row.Id,
            Type = row.Kind == DataStoreKind.Postgres ? "postgres" : "key_value",
            Status = row.Status.Name(),
            InternalAddress = $"{host}:{port}",
            Instances = [.. instances.Select(InstanceSummaries.Of)],
            Progress = busy
                ? new ResourceProgress(
                    row.Status == DataStoreStatus.Creating ? (row.Initialized ? "starting" : "initializing") : "recovering",
                    row.StatusSince, await lastLine.OfAsync(new LogQuery { Owner = row.Id }, cancellationToken))
                : null,
            Failure = row.Failure is { } failure
                ? new ResourceFailure(failure.Step, failure.Message, failure.LastLines, failure.Hint)
                : null,
            Warnings = [.. instances.Select(instance => instance.Warning).OfType<string>().Distinct()],
        };
    }
}
