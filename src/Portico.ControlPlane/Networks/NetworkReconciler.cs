using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Networks;

/// <summary>Tells the engine what every network contains, whenever that changes.</summary>
internal sealed class NetworkReconciler(
    IDbContextFactory<PorticoDb> databases, AddressNumbers numbers, PrivateNetwork network, IEngine engine, StateVersion version, Wakeups wakeups,
    RetriesFactory retries) : IReconciler
{
    private const string LoopName = "networks", Numbers = "numbers", Content = "content";

    private readonly ItemRetries _steps = retries.Create(LoopName, "private network");
    private long? _filled, _told;

    public string Name => LoopName;

    public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
    {
        // A network or resource that cannot have a number must not keep the others from being known.
        await _steps.TryAsync(Numbers, FillAsync, cancellationToken);
        if (network.Exists)
            await _steps.TryAsync(Content, TellAsync, cancellationToken);
        return _steps.UntilNext();
    }

    private async Task FillAsync(CancellationToken cancellationToken)
    {
        // Read before the rows: what changes in between is seen in the next pass.
        var now = version.Read();
        if (now == _filled)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            if (await numbers.FillAsync(db, cancellationToken))
                wakeups.Signal();
            _filled = now;
        }
        catch (DbUpdateConcurrencyException)
        {
            // A row was changed meanwhile: the next pass sees it.
            wakeups.Signal();
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        var now = version.Read();
        if (now == _told)
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await engine.SetNetworksAsync(NetworkMap.Of(await NetworkRows.ReadAsync(db, cancellationToken), network.Addresses!), cancellationToken);
        _told = now;
    }
}
