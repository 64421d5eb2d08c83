using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.Core.Engines;
using Portico.Core.Routing;
using Portico.Core.Sleep;
using Portico.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Routing;

/// <summary>Writes the routes whenever they change, and asks the edge which version it serves.</summary>
internal sealed class RoutesReconciler(
    RouteRowsReader rows, RoutesBuilder builder, RoutesState state, IEdge edge, IEngine engine,
    PlatformSettings settings, Wakeups wakeups, RetriesFactory retries) : IReconciler
{
    private const string LoopName = "routes";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilConfirmed = TimeSpan.FromMilliseconds(10);

    // An edge that refuses the routes would be asked a hundred times a second for ever.
    private const int QuickQuestions = 300;
    private RoutesSnapshot? _written;
    private Dictionary<string, string> _deploys = [];
    private List<string> _suspended = [];
    private int _askedInVain;

    private readonly ItemRetries _routes = retries.Create(LoopName, "routes of service");

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        var read = await rows.ReadAsync(cancellationToken);
        var services = read.Services;
        // Read before the snapshot is built: what is ready then is ready in it.
        var snapshot = builder.Build(VersionNow(), read, engine.Observe(), RouteOrBefore);
        if (_written is null || !SameRoutes(_written, snapshot))
            Write(snapshot);
        // Also when the routes are the same: a worker's deploy changes none, and waits to hear that it is through.
        _deploys = services.Where(service => service.RoutedDeployId is not null)
            .ToDictionary(service => service.Id, service => service.RoutedDeployId!);
        _suspended = [.. services.Where(service => service.Suspended || service.Sleep == SleepState.Asleep).Select(service => service.Id)];
        state.Observe(await edge.GetStatusAsync(cancellationToken), _written!.Version);
        return Confirm() || state.Edge is null || ++_askedInVain > QuickQuestions ? Interval : UntilConfirmed;
    }

    /// <summary>Builds the route of one service. If that fails, the service keeps its previous route and the others are not affected.</summary>
    private ServiceRoute? RouteOrBefore(string service, Func<ServiceRoute> make)
    {
        ServiceRoute? route = null;
        _routes.Try(service, () => route = make());
        return route ?? _written?.Services.FirstOrDefault(item => item.ServiceId == service);
    }

    private bool Confirm()
    {
        if (!state.IsNewestServed)
            return false;
        if (state.Confirm(_deploys, _suspended, _written!.Services.SelectMany(service => service.Instances).Select(instance => instance.Id)))
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

    /// <summary>Versions continue from the one in the file, so that the edge never takes a newer snapshot for an older one.</summary>
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
}
