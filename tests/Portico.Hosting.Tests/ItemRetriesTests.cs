using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.Hosting.Loops;

namespace Portico.Hosting.Tests;

public sealed class ItemRetriesTests
{
    private const int NoSpace = 28;
    private readonly FakeTimeProvider _time = new();
    private readonly ItemRetries _retries;

    public ItemRetriesTests() => _retries = new ItemRetries("deploy", _time, NullLogger.Instance);

    [Fact]
    public async Task An_item_that_fails_waits_longer_each_time_up_to_a_minute()
    {
        var waits = new List<double>();
        for (var attempt = 0; attempt < 9; attempt++)
        {
            Assert.False(await FailAsync("a", new InvalidOperationException("broken")));
            waits.Add(_retries.UntilNext()!.Value.TotalSeconds);
            _time.Advance(_retries.UntilNext()!.Value);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
        Assert.Equal(9, Assert.Single(_retries.Failing).Attempts);
    }

    [Fact]
    public async Task An_item_that_is_not_tried_any_more_is_forgotten_and_wakes_no_loop()
    {
        await FailAsync("deleted", new InvalidOperationException("broken"));
        await FailAsync("kept", new InvalidOperationException("broken"));
        for (var hour = 0; hour < 7; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await FailAsync("kept", new InvalidOperationException("broken"));
        }

        Assert.Equal("kept", Assert.Single(_retries.Failing).Item);
        Assert.NotEqual(TimeSpan.Zero, _retries.UntilNext());
    }

    [Fact]
    public async Task An_item_that_vanished_never_makes_a_loop_run_without_a_pause()
    {
        await FailAsync("deleted", new InvalidOperationException("broken"));
        var (passes, start) = (0, _time.GetUtcNow());
        while (_retries.UntilNext() is { } pause)
        {
            Assert.True(pause >= RetryDelay.Shortest);
            _time.Advance(pause);
            passes++;
        }

        // Later and later, until it is forgotten.
        Assert.InRange(passes, 10, 20);
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromHours(6), TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task Each_item_is_tried_and_what_is_not_among_them_is_forgotten()
    {
        await FailAsync("deleted", new InvalidOperationException("broken"));
        await FailAsync("b", new InvalidOperationException("broken"));
        var tried = new List<string>();

        Assert.False(await EachAsync("a", "b", "c"));
        Assert.Equal(["a", "c"], tried);
        Assert.Equal("b", Assert.Single(_retries.Waiting()));
        _time.Advance(RetryDelay.Longest);
        Assert.Empty(_retries.Waiting());
        Assert.True(await EachAsync("a", "b", "c"));
        Assert.Equal(["a", "c", "a", "b", "c"], tried);
        Assert.Empty(_retries.Failing);

        Task<bool> EachAsync(params string[] all) => _retries.EachAsync(all, item => item, (item, _) =>
        {
            tried.Add(item);
            return Task.CompletedTask;
        }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_item_that_waits_is_not_tried_and_the_others_are()
    {
        await FailAsync("a", new InvalidOperationException("broken"));
        var tried = new List<string>();

        foreach (var item in new[] { "a", "b" })
            await _retries.TryAsync(item, _ => NoteAsync(item), TestContext.Current.CancellationToken);

        Assert.Equal(["b"], tried);

        Task NoteAsync(string item)
        {
            tried.Add(item);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Synchronous_work_is_guarded_too()
    {
        Assert.False(_retries.Try("a", () => throw new InvalidOperationException("broken")));
        Assert.False(_retries.Try("a", () => Assert.Fail("It must wait.")));
        _time.Advance(RetryDelay.Longest);

        Assert.True(_retries.Try("a", () => { }));
        Assert.Empty(_retries.Failing);
    }

    [Fact]
    public async Task Work_that_must_be_done_is_retried_until_it_succeeds()
    {
        var attempts = 0;
        var work = _retries.UntilSucceededAsync(
            "a", _ => ++attempts < 3 ? throw new InvalidOperationException("broken") : Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal(1, attempts);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, attempts);
        _time.Advance(TimeSpan.FromSeconds(2));
        await work;

        Assert.Empty(_retries.Failing);
    }

    [Fact]
    public async Task Success_ends_the_count()
    {
        await FailAsync("a", new InvalidOperationException("broken"));
        _time.Advance(RetryDelay.Longest);

        Assert.True(await _retries.TryAsync("a", _ => Task.CompletedTask, TestContext.Current.CancellationToken));

        Assert.Empty(_retries.Failing);
        Assert.Null(_retries.UntilNext());
    }

    [Fact]
    public async Task A_full_disk_is_no_attempt_of_the_item()
    {
        for (var i = 0; i < 5; i++)
        {
            await FailAsync("a", new InvalidOperationException("outer", new IOException("full", NoSpace)));
            _time.Advance(RetryDelay.Longest);
        }

        Assert.Equal(0, Assert.Single(_retries.Failing).Attempts);
    }

    [Fact]
    public async Task A_time_out_inside_the_work_is_a_failure_and_a_cancellation_that_was_asked_for_is_none()
    {
        Assert.False(await FailAsync("a", new OperationCanceledException("inner time-out")));
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _retries.TryAsync("b", token => Task.FromCanceled(token), stopping.Token));

        Assert.Equal("a", Assert.Single(_retries.Failing).Item);
    }

    [Fact]
    public async Task What_is_gone_is_forgotten()
    {
        await FailAsync("a", new InvalidOperationException("broken"));
        await FailAsync("b", new InvalidOperationException("broken"));

        _retries.KeepOnly(new HashSet<string> { "b" });

        Assert.Equal("b", Assert.Single(_retries.Failing).Item);
    }

    private Task<bool> FailAsync(string item, Exception exception) =>
        _retries.TryAsync(item, _ => Task.FromException(exception), TestContext.Current.CancellationToken);
}
