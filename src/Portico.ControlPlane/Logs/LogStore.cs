using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Logs;

/// <summary>Stores all lines in one order that every reader sees: a reader who has seen a line has seen every earlier line.</summary>
/// <remarks>
/// There is one writer and any number of readers. Lines and the positions that they were read up to become durable together,
/// so a crash neither loses nor duplicates a line.
/// </remarks>
internal sealed class LogStore(string path, ILogger<LogStore> logger) : IDisposable
{
    private readonly LogDatabase _database = new(path, logger);
    private readonly Lock _opening = new();
    private readonly Dictionary<LogLabels, long> _ids = [];
    private readonly Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly LogBlockBuilder _block = new();
    private LogWriter? _writer;
    private ImmutableList<LogRange> _blocks = [];
    private ImmutableList<LogStream> _streams = [];
    private TaskCompletionSource _changed = NewSignal();
    private long _last;

    /// <summary>The time of the newest line. Every line up to it can be found.</summary>
    public LogTime Last => new(Volatile.Read(ref _last));

    internal ImmutableList<LogStream> Streams => Volatile.Read(ref _streams);

    /// <summary>Ranges of lines with a filter of their text, in the order of time.</summary>
    internal ImmutableList<LogRange> Blocks => Volatile.Read(ref _blocks);

    /// <summary>The sources for which a position is stored.</summary>
    public IReadOnlyCollection<string> Sources => _positions.Keys;

    /// <summary>Returns the position up to which a source has been read.</summary>
    public long PositionOf(string source) => _positions.GetValueOrDefault(source);

    /// <summary>Opens the file if it is not open.</summary>
    /// <exception cref="SqliteException">The file could not be opened.</exception>
    public void Open()
    {
        lock (_opening)
        {
            if (_writer is not null)
                return;
            var connection = _database.OpenToWrite();
            Load(connection);
            _writer = new LogWriter(connection);
        }
    }

    /// <summary>Appends lines in the given order and updates the positions of their sources: both or neither.</summary>
    public void Append(IReadOnlyList<NewLog> lines, IReadOnlyDictionary<string, long> positions)
    {
        Open();
        var (added, blocks) = (new Dictionary<LogLabels, long>(), new List<LogRange>());
        var last = _last;
        using (var transaction = _writer!.Begin())
        {
            foreach (var line in lines)
            {
                last = Math.Max(last + 1, line.At.Nanoseconds);
                _writer.AddLine(last, IdOf(line.Labels, added), line.Message, line.Path);
                if (_block.Add(new LogTime(last), line.Message))
                    blocks.Add(StoreBlock());
            }
            foreach (var (source, position) in positions)
                _writer.SetPosition(source, position);
            transaction.Commit();
        }
        foreach (var (source, position) in positions)
            _positions[source] = position;
        Publish(added, blocks, last);
    }

    /// <summary>Removes the positions of sources that no longer exist.</summary>
    public void Forget(IReadOnlyCollection<string> sources)
    {
        Open();
        using var transaction = _writer!.Begin();
        foreach (var source in sources)
            _writer.RemovePosition(source);
        transaction.Commit();
        foreach (var source in sources)
            _positions.Remove(source);
    }

    /// <summary>Deletes a small batch of the oldest lines if they are too old or take too much space.</summary>
    /// <returns>Whether there may be more to delete.</returns>
    public bool Trim(LogTime keepFrom, long mostBytes)
    {
        Open();
        var (hasMore, blocks) = _writer!.DeleteOldest(_writer.UsedBytes > mostBytes ? LogTime.End : keepFrom);
        if (blocks > 0)
            Volatile.Write(ref _blocks, Blocks.RemoveRange(0, Math.Min(blocks, Blocks.Count)));
        return hasMore;
    }

    /// <summary>Removes label sets without lines.</summary>
    public void TrimStreams()
    {
        Open();
        var unused = _writer!.DeleteUnusedStreams().ToHashSet();
        var kept = Streams.RemoveAll(stream => unused.Contains(stream.Id));
        foreach (var labels in _ids.Where(item => unused.Contains(item.Value)).Select(item => item.Key).ToList())
            _ids.Remove(labels);
        Volatile.Write(ref _streams, kept);
    }

    /// <summary>Completes when there is a line newer than this time.</summary>
    public Task NewerThanAsync(LogTime time)
    {
        // Taken before looking: a line that comes in between completes it.
        var changed = Volatile.Read(ref _changed).Task;
        return Last > time ? Task.CompletedTask : changed;
    }

    internal SqliteConnection OpenToRead()
    {
        Open();
        return _database.OpenToRead();
    }

    public void Dispose() => _writer?.Dispose();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long IdOf(LogLabels labels, Dictionary<LogLabels, long> added)
    {
        if (_ids.TryGetValue(labels, out var id) || added.TryGetValue(labels, out id))
            return id;
        id = _writer!.AddStream(labels);
        added.Add(labels, id);
        return id;
    }

    private LogRange StoreBlock()
    {
        var range = _block.Range;
        _writer!.AddBlock(range, _block.Content);
        _block.Clear();
        return range;
    }

    private void Publish(Dictionary<LogLabels, long> added, List<LogRange> blocks, long last)
    {
        if (blocks.Count > 0)
            Volatile.Write(ref _blocks, Blocks.AddRange(blocks));
        foreach (var (labels, id) in added)
            _ids.Add(labels, id);
        if (added.Count > 0)
            Volatile.Write(ref _streams, Streams.AddRange(added.Select(item => new LogStream(item.Value, item.Key))));
        if (last == _last)
            return;
        Volatile.Write(ref _last, last);
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    private void Load(SqliteConnection connection)
    {
        _last = connection.Number("SELECT max(time) FROM lines");
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT id, resource, type, level, instance, host, status_code, method FROM streams";
            using var rows = command.ExecuteReader();
            var streams = ImmutableList.CreateBuilder<LogStream>();
            while (rows.Read())
                streams.Add(new LogStream(rows.GetInt64(0), LabelsIn(rows)));
            _streams = streams.ToImmutable();
        }
        _blocks = [.. BlocksIn(connection)];
        foreach (var stream in _streams)
            _ids[stream.Labels] = stream.Id;
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT id, position FROM sources";
            using var rows = command.ExecuteReader();
            while (rows.Read())
                _positions[rows.GetString(0)] = rows.GetInt64(1);
        }
    }

    private static IEnumerable<LogRange> BlocksIn(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT first, last FROM blocks ORDER BY first";
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return new LogRange(new LogTime(rows.GetInt64(0)), new LogTime(rows.GetInt64(1)));
    }

    private static LogLabels LabelsIn(SqliteDataReader row) => new()
    {
        Resource = row.GetString(1),
        Type = (LogType)row.GetInt32(2),
        Level = (LogSeverity)row.GetInt32(3),
        Instance = TextIn(row, 4),
        Host = TextIn(row, 5),
        StatusCode = TextIn(row, 6),
        Method = TextIn(row, 7),
    };

    private static string? TextIn(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture);
}
