using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.Hosting.Loops;

namespace Portico.Hosting.Tests;

public sealed class BackgroundLoopsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly LoopRegistry _registry = new();
    private readonly BackgroundLoops _loops;

    public BackgroundLoopsTests() => _loops = new BackgroundLoops(_registry, _time, NullLogger<BackgroundLoops>.Instance);

    [Fact]
    public async Task A_loop_that_fails_goes_on_and_says_so()
    {
        using var stopping = new CancellationTokenSource();
        var passes = 0;
        var loop = _loops.RunAsync("test", _ => ++passes < 4 ? throw new InvalidOperationException($"broken {passes}") : Task.FromResult(TimeSpan.FromSeconds(7)), stopping.Token);

        Assert.Equal(1, passes);
        Assert.Equal("broken 1", _registry.Read().Single().Message);
        var since = _registry.Read().Single().FailingSince;
        await AdvanceAsync(() => passes == 2, TimeSpan.FromSeconds(1));
        await AdvanceAsync(() => passes == 3, TimeSpan.FromSeconds(2));
        Assert.Equal(since, _registry.Read().Single().FailingSince);
        await AdvanceAsync(() => passes == 4, TimeSpan.FromSeconds(4));
        await AdvanceAsync(() => passes == 5, TimeSpan.FromSeconds(7));

        var report = _registry.Read().Single();
        Assert.Null(report.FailingSince);
        Assert.Null(report.Message);
        Assert.Equal((5, 3), (report.Passes, report.Failures));
        await stopping.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task An_inner_time_out_does_not_end_a_loop()
    {
        using var stopping = new CancellationTokenSource();
        var loop = _loops.RunAsync("test", _ => throw new OperationCanceledException("inner"), stopping.Token);

        Assert.False(loop.IsCompleted);
        Assert.NotNull(_registry.Read().Single().FailingSince);
        await stopping.CancelAsync();
        await loop;
    }

    [Fact]
    public async Task A_wait_that_fails_is_reported_like_a_failed_pass_until_it_succeeds()
    {
        using var stopping = new CancellationTokenSource();
        var (passes, waits) = (0, 0);
        var loop = _loops.RunAsync("test", _ =>
        {
            passes++;
            return Task.FromResult(TimeSpan.FromSeconds(9));
        }, stopping.Token, (pause, token) => ++waits < 3 ? throw new IOException($"broken wait {waits}") : Task.Delay(pause, _time, token));

        Assert.Equal("broken wait 1", _registry.Read().Single().Message);
        var since = _registry.Read().Single().FailingSince;
        await AdvanceAsync(() => waits == 2, TimeSpan.FromSeconds(1));
        Assert.Equal(2, passes);
        Assert.Equal(("broken wait 2", since), (_registry.Read().Single().Message, _registry.Read().Single().FailingSince));
        await AdvanceAsync(() => waits == 3, TimeSpan.FromSeconds(2));
        // It works again when the wait is over.
        await AdvanceAsync(() => passes == 4, TimeSpan.FromSeconds(9));
        Assert.Null(_registry.Read().Single().FailingSince);
        await stopping.CancelAsync();
        await loop;
    }

    [Fact]
    public void Items_that_wait_are_shown_with_their_loop()
    {
        var items = new ItemRetries("deploy", _time, NullLogger.Instance);
        _registry.Get("deploys").Include(items);

        items.Failed("dep-1", new InvalidOperationException("broken"));

        Assert.Equal("dep-1", Assert.Single(_registry.Read().Single().Items).Item);
    }

    /// <summary>Time passes at once; what it wakes runs on another thread.</summary>
    private async Task AdvanceAsync(Func<bool> until, TimeSpan by)
    {
        _time.Advance(by);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!until())
            await Task.Delay(5, patience.Token);
    }
}
