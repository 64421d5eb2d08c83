using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Portico.ControlPlane.Logs;
using static Portico.ControlPlane.Tests.Logs.Sample;

namespace Portico.ControlPlane.Tests.Logs;

public sealed class LogStoreTests : IDisposable
{
    private readonly LogFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_of_one_moment_keep_their_order_and_get_times_of_their_own()
    {
        using var store = _folder.Open();
        store.Append([Line("one", 5), Line("two", 5), Line("from before", 3)], Nowhere);
        var found = Find(store, Filter(), Always, LogOrder.OldestFirst, 10);
        Assert.Equal(["one", "two", "from before"], found.Messages());
        Assert.Equal([5, 6, 7], found.Logs.Select(line => line.Time.Nanoseconds));
    }

    [Fact]
    public void Everything_is_there_after_a_restart()
    {
        var labels = new LogLabels
        {
            Resource = "srv-a",
            Type = LogType.Request,
            Level = LogSeverity.Error,
            Instance = "srv-a-1",
            Host = "a.localhost",
            StatusCode = "502",
            Method = "GET",
        };
        _folder.Open().Append([Line("message\0with\nany 😀 character", 5, labels, "/path"), Line("plain", 6)], new Dictionary<string, long> { ["x"] = 42 });
        using var store = _folder.Open();
        Assert.Equal(new StoredLog(new LogTime(5), labels, "message\0with\nany 😀 character", "/path"), Find(store, Filter(), Always, LogOrder.OldestFirst, 1).Logs[0]);
        Assert.Equal((42, 6), (store.PositionOf("x"), store.Last.Nanoseconds));
        store.Append([Line("next", 0, labels)], Nowhere);
        Assert.Equal(2, store.Streams.Count);
    }

    [Fact]
    public void An_append_that_fails_in_the_middle_changes_nothing()
    {
        using var store = _folder.Open();
        store.Append([Line("first")], new Dictionary<string, long> { ["x"] = 1 });
        Assert.Throws<InvalidOperationException>(() => store.Append(
            new BreakingList([Line("lost", labels: Labels("srv-new")), Line("lost too")]), new Dictionary<string, long> { ["x"] = 2 }));
        Assert.Equal(1, store.PositionOf("x"));
        store.Append([Line("second"), Line("new", labels: Labels("srv-new"))], new Dictionary<string, long> { ["x"] = 3 });
        using var after = _folder.Open();
        Assert.Equal(["first", "second", "new"], after.All(Filter("srv-a", "srv-new")));
        Assert.Equal(3, after.PositionOf("x"));
    }

    [Fact]
    public void Pages_of_any_size_give_the_same_lines() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 40], Gen.Bool).Array[0, 250], Gen.Int[1, 100], Gen.Bool, Gen.Int[0, 3]).Sample(
            (lines, limit, forward, kind) =>
            {
                using var folder = new LogFolder();
                using var store = folder.Open();
                var (at, number) = (0L, 0);
                foreach (var batch in lines.Chunk(40))
                    store.Append([.. batch.Select(line => Line($"{number++} {(line.Item4 ? "odd" : "even")}", at += line.Item3 / 20, Labels($"srv-{line.Item1}", level: (LogSeverity)line.Item2)))], Nowhere);
                var order = forward ? LogOrder.OldestFirst : LogOrder.NewestFirst;
                var filter = FilterOf(kind);
                var whole = Find(store, filter, Always, order, int.MaxValue).Messages();
                Assert.Equal(Expected(lines, kind, forward), whole);
                Assert.Equal(whole, Paged(store, filter, order, limit));
            },
            iter: 150);

    [Fact]
    public void A_range_has_both_its_ends()
    {
        using var store = _folder.Open();
        store.Append([.. Enumerable.Range(1, 9).Select(at => Line($"{at}", at))], Nowhere);
        Assert.Equal(["3", "4", "5"], Find(store, Filter(), new LogRange(new LogTime(3), new LogTime(5)), LogOrder.OldestFirst, 10).Messages());
        Assert.Equal(["5", "4"], Find(store, Filter(), new LogRange(new LogTime(3), new LogTime(5)), LogOrder.NewestFirst, 2).Messages());
    }

    [Fact]
    public void A_long_search_says_that_it_did_not_look_everywhere()
    {
        using var store = _folder.Open();
        store.Append([.. Enumerable.Range(0, 5000).Select(i => Line(i == 3 ? "needle" : "hay"))], Nowhere);
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1.5) };
        var search = new LogSearch(store, time);
        var filter = Filter() with { Text = [TextPattern.Parse("needle", whole: false)] };
        var (range, found, pages) = (Always, new List<string>(), 0);
        while (true)
        {
            var page = search.Find(filter, range, LogOrder.NewestFirst, 10, Token);
            found.AddRange(page.Messages());
            pages++;
            if (!page.HasMore)
                break;
            Assert.True(page.Rest.Last < range.Last);
            range = page.Rest;
        }
        Assert.Equal(["needle"], found);
        Assert.InRange(pages, 3, 20);
    }

    [Fact]
    public void Text_is_found_wherever_it_is_among_many_lines()
    {
        const int Lines = 30_000;
        var random = new Random(1);
        var messages = Enumerable.Range(0, Lines)
            .Select(i => $"request {i} of Customer {random.Next(500)} got {Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))} 😀{(i % 9973 == 5 ? " Rare" : "")}").ToList();
        foreach (var batch in messages.Select((message, i) => Line(message, i + 1, Labels(i % 3 == 0 ? "srv-b" : "srv-a"))).Chunk(1700))
        {
            // Each time a new process: what it had not stored as a block is in none.
            using var store = _folder.Open();
            store.Append(batch, Nowhere);
        }
        using var all = _folder.Open();
        Assert.True(all.Blocks.Count == 0);
        foreach (var batch in messages.Select((message, i) => Line(message, Lines + i + 1, Labels(i % 3 == 0 ? "srv-b" : "srv-a"))).Chunk(1700))
            all.Append(batch, Nowhere);
        Assert.InRange(all.Blocks.Count, Lines / 4096, Lines / 500);

        using var again = _folder.Open();
        Assert.Equal(all.Blocks, again.Blocks);
        foreach (var pattern in (string[])["rare", "rar", "re", "request 29999 ", "customer 7 got", messages[12_345][^22..], "nowhere at all", "customer*rare", "/Rare$/", "😀 rare"])
            foreach (var order in Enum.GetValues<LogOrder>())
            {
                var text = TextPattern.Parse(pattern, whole: false);
                var filter = Filter("srv-a") with { Text = [text] };
                var range = new LogRange(new LogTime(100), new LogTime((2 * Lines) - 100));
                var expected = messages.Concat(messages).Where((message, i) => i >= 99 && i < (2 * Lines) - 100 && i % Lines % 3 != 0 && text.Matches(message));
                Assert.Equal(order == LogOrder.OldestFirst ? expected : expected.Reverse(), Find(again, filter, range, order, int.MaxValue).Messages());
            }
    }

    [Fact]
    public void Blocks_go_with_their_lines()
    {
        using var store = _folder.Open();
        store.Append([.. Enumerable.Range(1, 20_000).Select(i => Line($"line {i}", i))], Nowhere);
        Assert.Equal([new LogRange(new LogTime(1), new LogTime(4096)), new LogRange(new LogTime(4097), new LogTime(8192))], store.Blocks.Take(2));
        while (store.Trim(new LogTime(8193), long.MaxValue))
            continue;
        Assert.Equal(new LogTime(8193), store.Blocks[0].First);
        Assert.Equal(["line 8193"], Find(store, Filter() with { Text = [TextPattern.Parse("LINE", whole: false)] }, Always, LogOrder.OldestFirst, 1).Messages());
        using var after = _folder.Open();
        Assert.Equal(store.Blocks, after.Blocks);
    }

    [Fact]
    public void A_file_of_the_version_before_goes_on()
    {
        using (var store = _folder.Open())
            store.Append([Line("old")], Nowhere);
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_folder.File};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE blocks; PRAGMA user_version = 1;";
            command.ExecuteNonQuery();
        }
        using var after = _folder.Open();
        after.Append([.. Enumerable.Range(0, 5000).Select(i => Line($"new {i}"))], Nowhere);
        Assert.Single(after.Blocks);
        Assert.Equal(["old"], after.All(Filter() with { Text = [TextPattern.Parse("old", whole: false)] }));
    }

    [Fact]
    public void Values_are_those_of_lines_that_match()
    {
        using var store = _folder.Open();
        store.Append(
            [
                Line("old", 1, Labels(instance: "one", level: LogSeverity.Error)), Line("new", 10, Labels(instance: "two")), Line("new too", 11, Labels(instance: "three", level: LogSeverity.Error)),
                Line("another's", 12, Labels("srv-b", instance: "four")),
            ], Nowhere);
        var search = new LogSearch(store, TimeProvider.System);
        IReadOnlyList<string> Instances(LogFilter filter, LogRange range) => search.Values(labels => labels.Instance, filter, range, LogOrder.NewestFirst, Token);
        Assert.Equal(["one", "three", "two"], Instances(Filter(), Always));
        Assert.Equal(["three", "two"], Instances(Filter(), new LogRange(new LogTime(5), LogTime.End)));
        Assert.Equal(["one", "three"], Instances(Filter() with { Level = [TextPattern.Parse("error", whole: true)] }, Always));
        Assert.Equal(["three"], Instances(Filter() with { Text = [TextPattern.Parse("too", whole: false)] }, Always));
    }

    [Fact]
    public void A_job_is_found_by_its_own_id_and_by_its_services()
    {
        using var store = _folder.Open();
        store.Append([Line("of the job", labels: Labels(instance: "job-1")), Line("of the service", labels: Labels(instance: "srv-a-1"))], Nowhere);
        Assert.Equal(["of the job"], store.All(Filter("job-1")));
        Assert.Equal(2, store.All(Filter("srv-a")).Count);
    }

    [Fact]
    public void Old_lines_go_and_with_them_labels_that_nobody_has()
    {
        using var store = _folder.Open();
        store.Append([Line("old", 1, Labels(instance: "gone")), Line("new", 10)], Nowhere);
        Assert.False(store.Trim(new LogTime(10), long.MaxValue));
        store.TrimStreams();
        Assert.Equal(["new"], store.All());
        Assert.Equal([Labels()], store.Streams.Select(stream => stream.Labels));
        store.Append([Line("again", labels: Labels(instance: "gone"))], Nowhere);
        using var after = _folder.Open();
        Assert.Equal(["new", "again"], after.All());
    }

    [Fact]
    public void The_oldest_lines_make_room()
    {
        using var store = _folder.Open();
        const long Limit = 4 << 20;
        for (var batch = 0; batch < 20; batch++)
        {
            store.Append([.. Enumerable.Range(0, 5000).Select(i => Line($"{batch} {i} {new string('x', 100)}"))], Nowhere);
            while (store.Trim(default, Limit))
                Token.ThrowIfCancellationRequested();
        }
        var kept = store.All();
        Assert.InRange(kept.Count, 10_000, 40_000);
        Assert.StartsWith("19 4999 ", kept[^1], StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_folder.File).Length, 1, Limit * 2);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_set_aside()
    {
        File.WriteAllText(_folder.File, new string('x', 10_000));
        using var store = _folder.Open();
        store.Append([Line("new")], Nowhere);
        Assert.Equal(["new"], store.All());
        Assert.True(File.Exists(_folder.File + ".unreadable"));
    }

    [Fact]
    public async Task Who_waits_hears_of_the_next_line()
    {
        using var store = _folder.Open();
        var waiting = store.NewerThanAsync(store.Last);
        Assert.False(waiting.IsCompleted);
        store.Append([], new Dictionary<string, long> { ["x"] = 1 });
        Assert.False(waiting.IsCompleted);
        store.Append([Line("news")], Nowhere);
        await waiting.WaitAsync(Token);
        await store.NewerThanAsync(default).WaitAsync(Token);
    }

    private static LogPage Find(LogStore store, LogFilter filter, LogRange range, LogOrder order, int limit) =>
        new LogSearch(store, TimeProvider.System).Find(filter, range, order, limit, Token);

    private static List<string> Paged(LogStore store, LogFilter filter, LogOrder order, int limit)
    {
        var (range, all) = (Always, new List<string>());
        while (true)
        {
            var page = Find(store, filter, range, order, limit);
            Assert.True(page.Logs.Count <= limit);
            all.AddRange(page.Messages());
            if (!page.HasMore)
                return all;
            range = page.Rest;
        }
    }

    private static LogFilter FilterOf(int kind) => kind switch
    {
        0 => Filter("srv-0", "srv-1", "srv-2", "srv-3"),
        1 => Filter("srv-1"),
        2 => Filter("srv-0", "srv-2") with { Level = [TextPattern.Parse("*r*", whole: true)] },
        _ => Filter("srv-0", "srv-1", "srv-2") with { Text = [TextPattern.Parse("odd", whole: false)] },
    };

    private static IEnumerable<string> Expected((int Service, int Level, int, bool IsOdd)[] lines, int kind, bool forward)
    {
        var matching = lines.Select((line, i) => (line, Text: $"{i} {(line.IsOdd ? "odd" : "even")}")).Where(item => kind switch
        {
            0 => true,
            1 => item.line.Service == 1,
            2 => item.line.Service is 0 or 2 && (LogSeverity)item.line.Level is LogSeverity.Error or LogSeverity.Warning,
            _ => item.line.Service <= 2 && item.line.IsOdd,
        }).Select(item => item.Text);
        return forward ? matching : matching.Reverse();
    }

    /// <summary>Fails at its end, as a disk might.</summary>
    private sealed class BreakingList(IReadOnlyList<NewLog> lines) : IReadOnlyList<NewLog>
    {
        public int Count => lines.Count + 1;

        public NewLog this[int index] => lines[index];

        public IEnumerator<NewLog> GetEnumerator()
        {
            foreach (var line in lines)
                yield return line;
            throw new InvalidOperationException("It breaks here.");
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
