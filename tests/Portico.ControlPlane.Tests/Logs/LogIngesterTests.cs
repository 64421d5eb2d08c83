using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Logs;
using Portico.Hosting.Loops;
using Portico.Testing.Engines;
using static Portico.ControlPlane.Tests.Logs.Sample;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class LogIngesterTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SimWorld _world;

    public LogIngesterTests() => _world = new SimWorld(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_later_comes_later()
    {
        using var store = _folder.Open();
        var ingester = new LogIngester(store, [Feed()], Retries());
        _world.Logs.Write("srv-a", "srv-a-1", "one", "two");
        Assert.True(await ingester.PassAsync(Token));
        Assert.False(await ingester.PassAsync(Token));
        _world.Logs.Write("srv-a", "srv-a-1", "three");
        Assert.True(await ingester.PassAsync(Token));
        Assert.Equal(["one", "two", "three"], store.All());
    }

    [Fact]
    public async Task Labels_say_who_wrote_it()
    {
        using var store = _folder.Open();
        _world.Logs.Write("srv-a", "dep-1", "ERROR: it does not compile");
        _world.Logs.Write("srv-a", "dep-1-pre", "migrating");
        _world.Logs.Write("srv-a", "job-1", "a job");
        _world.Logs.Write("srv-a", "srv-a-00001", "an instance");
        await new LogIngester(store, [Feed()], Retries()).PassAsync(Token);
        Assert.Equal(
            [
                Labels(type: LogType.Build, level: LogSeverity.Error, instance: "dep-1"), Labels(instance: "dep-1"),
                Labels(instance: "job-1"), Labels(instance: "srv-a-00001"),
            ],
            Found(store).OrderBy(line => line.Labels.Instance).ThenByDescending(line => line.Labels.Level).Select(line => line.Labels));
    }

    [Fact]
    public async Task Logs_that_waited_are_stored_in_the_order_of_their_time()
    {
        _world.Logs.Write("srv-a", "srv-a-2", "first");
        _time.Advance(TimeSpan.FromMinutes(1));
        _world.Logs.Write("srv-a", "srv-a-1", "second");
        _time.Advance(TimeSpan.FromHours(1));
        using var store = _folder.Open();
        await new LogIngester(store, [Feed()], Retries()).PassAsync(Token);
        Assert.Equal(["first", "second"], store.All());
        Assert.Equal(LogTime.From(_time.Start), Found(store)[0].Time);
    }

    [Fact]
    public async Task A_death_between_any_two_steps_gives_the_same_store()
    {
        var undisturbed = await RunAsync(deathAt: -1);
        Assert.Equal(120, undisturbed.Count);
        for (var step = 0; step < 60; step++)
            Assert.Equal(undisturbed, await RunAsync(step));
    }

    [Fact]
    public async Task A_pass_is_bounded_and_the_next_goes_on()
    {
        var line = new string('x', 10_000);
        for (var writer = 0; writer < 3; writer++)
            _world.Logs.Write("srv-a", $"srv-a-{writer}", Enumerable.Range(0, 500).Select(_ => line));
        using var store = _folder.Open();
        var ingester = new LogIngester(store, [Feed()], Retries());
        await ingester.PassAsync(Token);
        Assert.True(ingester.HasMore);
        Assert.InRange(store.All().Count, 1, 1000);
        while (await ingester.PassAsync(Token))
            Token.ThrowIfCancellationRequested();
        Assert.False(ingester.HasMore);
        Assert.Equal(1500, store.All().Count);
    }

    [Fact]
    public async Task Positions_of_logs_that_are_gone_are_forgotten()
    {
        using var store = _folder.Open();
        var ingester = new LogIngester(store, [Feed()], Retries());
        _world.Logs.Write("srv-a", "srv-a-1", "one");
        _world.Logs.Write("srv-a", "srv-a-2", "two");
        await ingester.PassAsync(Token);
        _world.Logs.Delete("srv-a-1");
        ingester.Tidy();
        Assert.Equal(["sim:srv-a-2"], store.Sources);
        Assert.Equal(2, store.All().Count);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_delays_no_other()
    {
        foreach (var writer in (string[])["srv-a-1", "srv-a-2", "srv-a-3"])
            _world.Logs.Write("srv-a", writer, writer);
        using var store = _folder.Open();
        var (broken, retries) = (new BrokenFeed(Feed(), "sim:srv-a-2"), Retries());
        var ingester = new LogIngester(store, [broken], retries);
        Assert.True(await ingester.PassAsync(Token));
        Assert.Equal(["srv-a-1", "srv-a-3"], store.All().Order());
        Assert.Equal("sim:srv-a-2", Assert.Single(retries.Failing).Item);

        broken.Source = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await ingester.PassAsync(Token));
        Assert.Equal(3, store.All().Count);
        Assert.Empty(retries.Failing);
    }

    private ItemRetries Retries() => new("log", _time, NullLogger.Instance);

    private EngineFeed Feed() => new(new SimEngine(_world, new FaultPoints()), _time);

    private static IReadOnlyList<StoredLog> Found(LogStore store) =>
        new LogSearch(store, TimeProvider.System).Find(Filter(), Always, LogOrder.OldestFirst, 1000, Token).Logs;

    /// <summary>Three writers, in rounds; at the given step the process dies, and another one takes the store over.</summary>
    private async Task<IReadOnlyList<string>> RunAsync(int deathAt)
    {
        using var folder = new LogFolder();
        var world = new SimWorld(_time);
        world.Logs.PieceSize = 7;
        var deaths = new Deaths { At = deathAt };
        var ingester = Start();
        for (var round = 0; round < 4; round++)
        {
            for (var writer = 0; writer < 3; writer++)
                world.Logs.Write("srv-a", $"srv-a-{writer}", Enumerable.Range(0, 10).Select(line => $"{writer} {round} {line}"));
            if (round == 3)
                world.Logs.End("srv-a-1");
            for (var pass = 0; pass < 20; pass++)
            {
                Assert.True(await Record.ExceptionAsync(async () => await ingester.PassAsync(Token)) is null or DeathException);
                if (deaths.Revive())
                    ingester = Start();
            }
        }
        // Lines of one writer stay in order; how writers mix depends on when each was read.
        return [.. folder.Open().All().OrderBy(line => line[0])];

        // The store of the dead process is not closed; the file is as it was at that moment.
        LogIngester Start() => new(folder.Open(), [new DyingFeed(new EngineFeed(new SimEngine(world, new FaultPoints()), _time), deaths)], Retries());
    }

    private sealed class Deaths
    {
        private int _step;
        private bool _isDead;

        public int At { get; init; }

        /// <summary>A dead process takes no further step.</summary>
        public void Step()
        {
            _isDead |= _step++ == At;
            if (_isDead)
                throw new DeathException();
        }

        /// <returns>Whether it was dead.</returns>
        public bool Revive()
        {
            var wasDead = _isDead;
            _isDead = false;
            return wasDead;
        }
    }

    private sealed class DeathException : Exception;

    /// <summary>One of its sources cannot be read.</summary>
    private sealed class BrokenFeed(ILogFeed feed, string source) : ILogFeed
    {
        public string? Source { get; set; } = source;

        public bool IsOrdered => feed.IsOrdered;

        public IReadOnlyList<FeedSource> List() => feed.List();

        public Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken) =>
            source.Id == Source ? throw new IOException("Input/output error") : feed.ReadAsync(source, position, cancellationToken);
    }

    private sealed class DyingFeed(ILogFeed feed, Deaths deaths) : ILogFeed
    {
        public bool IsOrdered => feed.IsOrdered;

        public IReadOnlyList<FeedSource> List()
        {
            deaths.Step();
            return feed.List();
        }

        public async Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken)
        {
            deaths.Step();
            var piece = await feed.ReadAsync(source, position, cancellationToken);
            return piece with { Lines = new DyingLines(piece.Lines, deaths) };
        }
    }

    /// <summary>Dies while lines are copied from it, in the middle of a pass.</summary>
    private sealed class DyingLines(IReadOnlyList<NewLog> lines, Deaths deaths) : IReadOnlyList<NewLog>
    {
        public int Count => lines.Count;

        public NewLog this[int index] => lines[index];

        public IEnumerator<NewLog> GetEnumerator()
        {
            deaths.Step();
            return lines.GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
