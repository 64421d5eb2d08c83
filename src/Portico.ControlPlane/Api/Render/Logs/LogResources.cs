using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Api.Requests;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Api.Render.Logs;

/// <summary>Checks which resources' logs a caller may read.</summary>
internal static class LogResources
{
    private const int Most = 100;

    /// <exception cref="RefusedException">404 for the first id that is not a service, data store or job of the workspace.</exception>
    public static async Task RequireAsync(
        IReadOnlyList<string> ids, string owner, Caller caller, PorticoDb db, LogStore store, CancellationToken cancellationToken)
    {
        if (ids.Count > Most)
            throw Refusal.Invalid($"resource: must not have more than {Most} values.");
        var jobs = ids.Where(IsJob).ToList();
        var services = await db.Jobs.AsNoTracking().Where(row => jobs.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.ServiceId, cancellationToken);
        var owners = ids.Select(id => (Id: id, Of: IsJob(id) ? services.GetValueOrDefault(id) ?? ServiceOf(id, store) : id)).ToList();
        var asked = owners.Select(item => item.Of).OfType<string>().ToList();
        var known = await db.Services.AsNoTracking().VisibleTo(caller, [owner]).Where(row => asked.Contains(row.Id)).Select(row => row.Id)
            .Concat(db.DataStores.AsNoTracking().VisibleTo(caller, [owner]).Where(row => asked.Contains(row.Id)).Select(row => row.Id))
            .ToListAsync(cancellationToken);
        foreach (var (id, of) in owners)
            if (of is null || !known.Contains(of))
                throw Refusal.NotFound("resource", id);
    }

    private static bool IsJob(string id) => ResourceId.TryParse<JobId>(id, out _);

    /// <summary>Returns the service of a job. The job's lines belong to the service and are kept longer than the job.</summary>
    private static string? ServiceOf(string job, LogStore store) =>
        store.Streams.FirstOrDefault(stream => stream.Labels.Instance == job)?.Labels.Resource;
}
