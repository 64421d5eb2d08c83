namespace Portico.Hosting.Tests;

public sealed class KeyedLockTests
{
    private readonly KeyedLock _lock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_holder_at_a_time_has_a_key()
    {
        var (inside, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(async () =>
        {
            using var held = await _lock.TakeAsync("a", Token);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await Task.Yield();
            Interlocked.Decrement(ref inside);
        }, Token)));

        Assert.Equal(1, most);
        Assert.Equal(0, _lock.Count);
    }

    [Fact]
    public async Task Other_keys_are_free()
    {
        using var a = await _lock.TakeAsync("a", Token);
        using var b = _lock.TryTake("b");

        Assert.NotNull(b);
        Assert.Null(_lock.TryTake("a"));
        Assert.Equal(2, _lock.Count);
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_nothing_behind()
    {
        using var cancel = new CancellationTokenSource();
        var held = await _lock.TakeAsync("a", Token);
        var waiting = _lock.TakeAsync("a", cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        held.Dispose();
        Assert.Equal(0, _lock.Count);
    }

    [Fact]
    public async Task Releasing_twice_releases_once()
    {
        var first = await _lock.TakeAsync("a", Token);
        first.Dispose();
        using var second = await _lock.TakeAsync("a", Token);

        first.Dispose();

        Assert.Null(_lock.TryTake("a"));
    }
}
