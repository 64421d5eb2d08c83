using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Platform;

/// <summary>Reads what every background loop and reconciler does, and what fails.</summary>
internal sealed class BackgroundReader(LoopRegistry loops, RoutesState routes)
{
    public BackgroundReport Read() => new(
        [.. loops.Read().Select(ToLoop)],
        routes.Edge is { } edge ? [.. edge.FailingLoops.Select(loop => new BackgroundFailure(loop.Loop, loop.Since, loop.Message))] : null);

    private static BackgroundLoop ToLoop(LoopReport loop) => new(
        loop.Name, loop.LastPass, loop.Duration.TotalSeconds, loop.Passes, loop.Failures, loop.FailingSince, loop.Message,
        [.. loop.Items.Select(item => new BackgroundItem(item.Item, item.Attempts, item.FailingSince, item.RetryAt, item.Message))]);
}
