using Portico.Core.Engines;

namespace Portico.Testing.Engines;

/// <summary>Logs in memory. A position is a number of lines.</summary>
public sealed class SimLogs(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SimLog> _logs = [];

    /// <summary>How many lines one piece has at most.</summary>
    public int PieceSize { get; set; } = 1000;

    public IReadOnlyList<LogSource> Sources
    {
        get
        {
            lock (_lock)
                return [.. _logs.Values.Select(log => log.Source)];
        }
    }

    public void Write(string owner, string writer, params IEnumerable<string> lines)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(writer, out var log))
                _logs[writer] = log = new SimLog(new LogSource { Id = $"sim:{writer}", Owner = owner, Writer = writer, Ended = false });
            log.Lines.AddRange(lines);
            log.WrittenAt = time.GetUtcNow();
        }
    }

    public void End(string writer)
    {
        lock (_lock)
            _logs[writer].Source = _logs[writer].Source with { Ended = true };
    }

    public void Delete(string writer)
    {
        lock (_lock)
            _logs.Remove(writer);
    }

    public LogPiece Read(LogSource source, long position)
    {
        lock (_lock)
        {
            if (!_logs.TryGetValue(source.Writer, out var log))
                return new LogPiece([], position, DateTimeOffset.UnixEpoch);
            var lines = log.Lines.Skip((int)position).Take(PieceSize).ToList();
            return new LogPiece(lines, position + lines.Count, log.WrittenAt, HasMore: position + lines.Count < log.Lines.Count);
        }
    }

    private sealed class SimLog(LogSource source)
    {
        public LogSource Source { get; set; } = source;

        public List<string> Lines { get; } = [];

        public DateTimeOffset WrittenAt { get; set; }
    }
}
