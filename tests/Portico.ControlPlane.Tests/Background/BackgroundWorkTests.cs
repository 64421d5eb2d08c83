using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Background;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Tests.Background;

public sealed class BackgroundWorkTests : IAsyncDisposable
{
    private const int NoSpace = 28, DatabaseFull = 13;
    private readonly FakeTimeProvider _time = new();
    private readonly LoopRegistry _loops = new();
    private readonly BackgroundWork _work;
    private int _runs;

    public BackgroundWorkTests() => _work = new BackgroundWork(new Wakeups(), new RetriesFactory(_loops, _time, NullLogger<ItemRetries>.Instance), _time);

    [Fact]
    public async Task Work_of_which_the_result_is_read_fails_once_and_says_why()
    {
        for (var i = 0; i < 3; i++)
            await OnceAsync(() => throw new InvalidOperationException("The repository is gone."));

        Assert.Equal(1, _runs);
        Assert.Equal("The repository is gone.", _work.Problem("fetch"));
        _work.Forget("fetch");
        Assert.Null(_work.Problem("fetch"));
    }

    [Fact]
    public async Task A_problem_that_is_not_read_any_more_is_forgotten()
    {
        await OnceAsync(() => throw new InvalidOperationException("The repository is gone."));
        for (var minute = 0; minute < 15; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.NotNull(_work.Problem("fetch"));
            _work.Repeat("other", _ => Task.CompletedTask);
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        _work.Repeat("other", _ => Task.CompletedTask);

        Assert.Null(_work.Problem("fetch"));
    }

    [Fact]
    public async Task An_inner_time_out_is_a_failure_and_no_success()
    {
        await OnceAsync(() => throw new OperationCanceledException("inner"));

        Assert.Equal("It took too long and was stopped.", _work.Problem("fetch"));
    }

    public static TheoryData<Exception> OfTheMachine =>
        [new IOException("full", NoSpace), new InvalidOperationException("save", new SqliteException("full", DatabaseFull)), new InsufficientMemoryException()];

    [Theory]
    [MemberData(nameof(OfTheMachine))]
    public async Task A_failure_of_the_machine_is_no_result_and_the_work_is_tried_again(Exception failure)
    {
        await OnceAsync(() => throw failure);
        Assert.Null(_work.Problem("fetch"));
        await OnceAsync(() => null);
        Assert.Equal(1, _runs);

        _time.Advance(TimeSpan.FromSeconds(5));
        await OnceAsync(() => null);

        Assert.Equal(2, _runs);
        Assert.Empty(_loops.Read().Single().Items);
    }

    [Fact]
    public async Task Work_that_must_succeed_is_repeated_later_and_later()
    {
        for (var i = 0; i < 100; i++)
        {
            await RepeatAsync(() => throw new IOException("busy"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(7, _runs);
        Assert.Equal(("remove", 7), (_loops.Read().Single().Items.Single().Item, _loops.Read().Single().Items.Single().Attempts));
        _time.Advance(RetryDelay.Longest);
        await RepeatAsync(() => { });
        Assert.Equal(8, _runs);
        Assert.Empty(_loops.Read().Single().Items);
    }

    [Fact]
    public async Task What_nobody_starts_any_more_is_forgotten()
    {
        await RepeatAsync(() => throw new IOException("busy"));
        _time.Advance(TimeSpan.FromMinutes(11));

        _work.Repeat("other", _ => Task.CompletedTask);
        await _work.WhenIdleAsync();

        Assert.Empty(_loops.Read().Single().Items);
    }

    public ValueTask DisposeAsync() => _work.DisposeAsync();

    private Task OnceAsync(Func<string?> result)
    {
        _work.Once("fetch", _ =>
        {
            _runs++;
            return Task.FromResult(result());
        });
        return _work.WhenIdleAsync();
    }

    private Task RepeatAsync(Action work)
    {
        _work.Repeat("remove", _ =>
        {
            _runs++;
            work();
            return Task.CompletedTask;
        });
        return _work.WhenIdleAsync();
    }
}
