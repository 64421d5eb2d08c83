using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Platform;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Platform;

public sealed class PlatformStopperTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Wakeups _wakeups = new();

    [Fact]
    public async Task A_reconciler_that_does_not_stop_is_named_and_holds_up_the_stop_for_a_while_only()
    {
        var stuck = new StuckReconciler();
        using var stuckLoop = LoopOf(stuck);
        using var fineLoop = LoopOf(new FineReconciler());
        await Task.WhenAll(stuckLoop.StartAsync(TestContext.Current.CancellationToken), fineLoop.StartAsync(TestContext.Current.CancellationToken));
        await stuck.Entered;

        var stopping = PlatformStopper.StopLoopsAsync([stuckLoop, fineLoop], _time);
        await fineLoop.ExecuteTask!;
        Assert.False(stopping.IsCompleted);
        _time.Advance(PlatformStopper.LoopLimit);

        var exception = await Assert.ThrowsAsync<TimeoutException>(() => stopping.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Contains(stuck.Name, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("fine", exception.Message, StringComparison.Ordinal);
        stuck.Release();
        await stuckLoop.ExecuteTask!;
    }

    private ReconcilerLoop LoopOf(IReconciler reconciler) =>
        new(reconciler, _wakeups, new BackgroundLoops(new LoopRegistry(), _time, NullLogger<BackgroundLoops>.Instance), _time);

    private sealed class StuckReconciler : IReconciler
    {
        private readonly TaskCompletionSource _entered = new(), _released = new();

        public string Name => "stuck";

        public Task Entered => _entered.Task;

        public void Release() => _released.SetResult();

        public async Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            await _released.Task;
            return null;
        }
    }

    private sealed class FineReconciler : IReconciler
    {
        public string Name => "fine";

        public Task<TimeSpan?> ReconcileAsync(CancellationToken cancellationToken) => Task.FromResult<TimeSpan?>(null);
    }
}
