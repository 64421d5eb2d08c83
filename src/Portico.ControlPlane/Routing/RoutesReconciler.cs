using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Core.Sleep;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Routing;

/// <summary>Writes the routes whenever they change, and learns from the edge which it serves.</summary>
internal sealed class RoutesReconciler(
    IDbContextFactory<PorticoDb> databases, StateVersion version, RoutesBuilder builder, RoutesState state, IEdge edge, IEngine engine,
    PlatformSettings settings, Wakeups wakeups, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "routes";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilConfirmed = TimeSpan.FromMilliseconds(10);

    // An edge that refuses the routes would be asked a hundred times a second for ever.
    private const int QuickQuestions = 300;
    private (long Version, Rows Rows)? _read;
    private RoutesSnapshot? _written;
    private Dictionary<string, string> _deploys = [];
    private List<string> _suspended = [];
    private int _askedInVain;

    private readonly ItemRetries _routes = retries.Create(LoopName, "routes of service");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var (services, domains, stores) = await ReadAsync(cancellationToken);
        // Read before the snapshot is built: what is ready then is ready in it.
        var snapshot = builder.Build(VersionNow(), services, domains, stores, engine.Observe(), RouteOrBefore);
        if (_written is null || !SameRoutes(_written, snapshot))
            Write(snapshot);
        // Also when the routes are the same: a worker's deploy changes none, and waits to hear that it is through.
        _deploys = services.Where(service => service.RoutedDeployId is not null)
            .ToDictionary(service => service.Id, service => service.RoutedDeployId!);
        _suspended = [.. services.Where(service => service.Suspended || service.Sleep == SleepState.Asleep).Select(service => service.Id)];
        state.Observe(await edge.GetStatusAsync(cancellationToken));
        return Confirm() || state.Edge is null || ++_askedInVain > QuickQuestions ? Interval : UntilConfirmed;
    }

    /// <summary>One service whose route cannot be made keeps the one that it had, and holds up nobody else's.</summary>
    private ServiceRoute? RouteOrBefore(string service, Func<ServiceRoute> make)
    {
        ServiceRoute? route = null;
        _routes.Try(service, () => route = make());
        return route ?? _written?.Services.FirstOrDefault(item => item.ServiceId == service);
    }

    private bool Confirm()
    {
        if (_written is null || state.Edge?.Version != _written.Version)
            return false;
        if (state.Confirm(_deploys, _suspended, _written.Services.SelectMany(service => service.Instances).Select(instance => instance.Id)))
            wakeups.Signal();
        return true;
    }

    private void Write(RoutesSnapshot snapshot)
    {
        var next = snapshot with { Version = snapshot.Version + 1 };
        DurableFile.Write(settings.Paths.RoutesFile, JsonSerializer.SerializeToUtf8Bytes(next, RoutingJson.Default.RoutesSnapshot));
        _written = next;
        _askedInVain = 0;
    }

    /// <summary>Versions go on from the file, so that the edge never takes a newer snapshot for an older one.</summary>
    private long VersionNow() => _written?.Version ?? VersionInFile(settings.Paths.RoutesFile);

    private static long VersionInFile(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), RoutingJson.Default.RoutesSnapshot)?.Version ?? 0;
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return 0;
        }
    }

    private static bool SameRoutes(RoutesSnapshot left, RoutesSnapshot right) =>
        JsonSerializer.SerializeToUtf8Bytes(left, RoutingJson.Default.RoutesSnapshot).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(right, RoutingJson.Default.RoutesSnapshot));

    private async Task<Rows> ReadAsync(CancellationToken cancellationToken)
    {
        var now = version.Read();
        if (_read is { } read && read.Version == now)
            return read.Rows;
        var rows = await ReadAllAsync(cancellationToken);
        _read = (now, rows);
        return rows;
    }

    private async Task<Rows> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().ToListAsync(cancellationToken);
        var domains = await db.CustomDomains.AsNoTracking().Where(row => row.VerifiedAt != null).OrderBy(row => row.Name).ToListAsync(cancellationToken);
        // A service's own address is its own, and the platform's, also where someone had asked for that name before.
        var own = services.Select(service => settings.HostOf(service.Slug)).Append(settings.Domain).ToHashSet(StringComparer.Ordinal);
        return new Rows(
            services, domains.Where(row => !own.Contains(row.Name)).ToLookup(row => row.ServiceId),
            await db.DataStores.AsNoTracking().ToListAsync(cancellationToken));
    }

    /// <param name="Domains">Those that are known to lead here, by service.</param>
    private sealed record Rows(List<ServiceRow> Services, ILookup<string, CustomDomainRow> Domains, List<DataStoreRow> DataStores);
}
