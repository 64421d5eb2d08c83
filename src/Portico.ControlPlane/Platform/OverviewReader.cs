using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.Core.DataStores;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Platform;

/// <summary>Reads one row for each service and data store of a workspace.</summary>
/// <remarks>It reads only the columns that it needs: settings and variables are encrypted, and a workspace can have a thousand of them.</remarks>
internal sealed class OverviewReader(IEngine engine, RecentTraffic traffic, PlatformSettings settings)
{
    private sealed record Place(string Environment, string Project);

    /// <summary>The requests of all services. The same instance until there are new numbers.</summary>
    public IReadOnlyDictionary<string, TrafficRate> Traffic => traffic.Read();

    /// <summary>Returns a row with the requests of its service. Numbers are rounded, so that a row changes only when people see a difference.</summary>
    public static OverviewRow With(IReadOnlyDictionary<string, TrafficRate> traffic, OverviewRow row)
    {
        var now = traffic.TryGetValue(row.Id, out var rate) ? new OverviewTraffic(rate.Requests, Rounded(rate.PerSecond), Rounded(rate.Errors * 100), Rounded(rate.P95)) : null;
        return now == row.Traffic ? row : row with { Traffic = now };
    }

    /// <returns>The rows by name.</returns>
    public async Task<IReadOnlyList<OverviewRow>> ReadAsync(PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var places = await PlacesAsync(db, workspace, cancellationToken);
        var running = engine.Observe().Instances.ToLookup(instance => instance.Owner, StringComparer.Ordinal);
        var rows = await ServicesAsync(db, workspace, places, running, cancellationToken);
        rows.AddRange(await StoresAsync(db, workspace, places, running, cancellationToken));
        var requests = Traffic;
        return [.. rows.Select(row => With(requests, row)).OrderBy(row => row.Name, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.Id, StringComparer.Ordinal)];
    }

    /// <summary>Returns the path of the page of a service, the same as in Render's dashboard.</summary>
    public static string PathOf(ServiceType type) => type switch
    {
        ServiceType.StaticSite => "static",
        ServiceType.PrivateService => "pserv",
        ServiceType.BackgroundWorker => "worker",
        ServiceType.CronJob => "cron",
        _ => "web",
    };

    private static Task<Dictionary<string, Place>> PlacesAsync(PorticoDb db, string workspace, CancellationToken cancellationToken) =>
        db.Environments.AsNoTracking().Where(row => row.WorkspaceId == workspace)
            .Join(db.Projects, row => row.ProjectId, project => project.Id, (row, project) => new { row.Id, row.Name, Project = project.Name })
            .ToDictionaryAsync(row => row.Id, row => new Place(row.Name, row.Project), cancellationToken);

    private async Task<List<OverviewRow>> ServicesAsync(
        PorticoDb db, string workspace, Dictionary<string, Place> places, ILookup<string, InstanceSnapshot> running, CancellationToken cancellationToken)
    {
        var services = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace).Select(row => new
        {
            row.Id,
            row.Name,
            row.Type,
            row.Slug,
            row.EnvironmentId,
            row.Suspended,
            row.Sleep,
            row.RoutedDeployId,
            LastEvent = db.Events.Where(item => item.ResourceId == row.Id).Max(item => item.Id),
        }).ToListAsync(cancellationToken);
        var deploys = await NewestDeploysAsync(db, workspace, cancellationToken);
        return [.. services.Select(row =>
        {
            var (deploy, failure) = deploys.GetValueOrDefault(row.Id);
            var instances = running[row.Id].ToList();
            return Placed(row.EnvironmentId, places, new OverviewRow
            {
                Id = row.Id,
                Name = row.Name,
                Type = row.Type.Name(),
                Status = ServiceStatusReader.StatusOf(row.Type, row.Suspended, row.Sleep, row.RoutedDeployId, deploy?.Status, instances),
                Path = $"/{PathOf(row.Type)}/{row.Id}",
                Url = row.Type.IsPublic() ? settings.UrlOf(row.Slug) : null,
                Deploy = deploy is null ? null : new OverviewDeploy(
                    deploy.Id, deploy.Status.Name(), deploy.Commit, FirstLine.Of(deploy.Message), deploy.CreatedAt, deploy.Since),
                Failure = FirstLine.Of(failure?.Message),
                Hint = FirstLine.Of(failure?.Hint),
                Ready = ReadyOf(instances),
                Instances = instances.Count,
                Warning = FirstLine.Of(instances.Select(instance => instance.Warning).FirstOrDefault(warning => warning is not null)),
                LastEvent = row.LastEvent,
            });
        })];
    }

    private sealed record NewestDeploy(string Id, DeployStatus Status, DateTimeOffset Since, string? Commit, string? Message, DateTimeOffset CreatedAt);

    private static async Task<Dictionary<string, (NewestDeploy? Deploy, DeployFailure? Failure)>> NewestDeploysAsync(
        PorticoDb db, string workspace, CancellationToken cancellationToken)
    {
        var newest = db.Services.Where(row => row.WorkspaceId == workspace)
            .Select(row => db.Deploys.Where(deploy => deploy.ServiceId == row.Id).Max(deploy => deploy.Id));
        var rows = await db.Deploys.AsNoTracking().Where(row => newest.Contains(row.Id))
            .Select(row => new { row.ServiceId, row.Id, row.Status, row.StatusSince, row.Commit, row.CommitMessage, row.CreatedAt, row.Failure })
            .ToListAsync(cancellationToken);
        return rows.ToDictionary(row => row.ServiceId, row =>
            ((NewestDeploy?)new NewestDeploy(row.Id, row.Status, row.StatusSince, row.Commit, row.CommitMessage, row.CreatedAt), row.Failure));
    }

    private static async Task<List<OverviewRow>> StoresAsync(
        PorticoDb db, string workspace, Dictionary<string, Place> places, ILookup<string, InstanceSnapshot> running, CancellationToken cancellationToken)
    {
        var stores = await db.DataStores.AsNoTracking().Where(row => row.WorkspaceId == workspace).Select(row => new
        {
            row.Id,
            row.Name,
            row.Kind,
            row.EnvironmentId,
            row.Status,
            row.Failure,
            LastEvent = db.Events.Where(item => item.ResourceId == row.Id).Max(item => item.Id),
        }).ToListAsync(cancellationToken);
        return [.. stores.Select(row =>
        {
            var instances = running[row.Id].ToList();
            return Placed(row.EnvironmentId, places, new OverviewRow
            {
                Id = row.Id,
                Name = row.Name,
                Type = row.Kind == DataStoreKind.Postgres ? "postgres" : "key_value",
                Status = row.Status.Name(),
                Path = $"/{(row.Kind == DataStoreKind.Postgres ? "d" : "r")}/{row.Id}",
                Failure = FirstLine.Of(row.Failure?.Message),
                Hint = FirstLine.Of(row.Failure?.Hint),
                Ready = ReadyOf(instances),
                Instances = instances.Count,
                Warning = FirstLine.Of(instances.Select(instance => instance.Warning).FirstOrDefault(warning => warning is not null)),
                LastEvent = row.LastEvent,
            });
        })];
    }

    private static int ReadyOf(List<InstanceSnapshot> instances) => instances.Count(instance => instance.Status == InstanceStatus.Ready);

    private static double Rounded(double number) => number >= 10 ? Math.Round(number) : Math.Round(number, number >= 1 ? 1 : 2);

    private static OverviewRow Placed(string? environment, Dictionary<string, Place> places, OverviewRow row) =>
        environment is not null && places.TryGetValue(environment, out var place)
            ? row with { EnvironmentId = environment, Environment = place.Environment, Project = place.Project }
            : row;
}
