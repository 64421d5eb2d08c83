using Portico.Core.Routing;
using Portico.Edge.Listening;
using Portico.Edge.Model;
using Portico.Hosting.Loops;

namespace Portico.Edge.Hosting;

/// <summary>Judges from the loops and the public port whether this edge does its work.</summary>
internal sealed class EdgeHealthReport(LoopRegistry loops, Func<Listener?> publicPort)
{
    public bool IsAccepting => publicPort()?.IsAccepting == true;

    public EdgeStatus AddTo(EdgeStatus status)
    {
        var failing = loops.Read().Where(loop => loop.FailingSince is not null)
            .Select(loop => new EdgeLoopFailure(loop.Name, loop.FailingSince!.Value, loop.Message!)).ToArray();
        var isAccepting = IsAccepting;
        return status with { IsAccepting = isAccepting, FailingLoops = failing, Health = Judge(isAccepting, failing) };
    }

    private static EdgeHealth Judge(bool isAccepting, EdgeLoopFailure[] failing) =>
        !isAccepting || failing.Any(loop => loop.Loop == SnapshotWatcher.LoopName) ? EdgeHealth.Unhealthy
        : failing.Length > 0 ? EdgeHealth.Degraded
        : EdgeHealth.Healthy;
}
