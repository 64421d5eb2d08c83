using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Portico.ControlPlane.Logs;

/// <summary>Finds the blocks of lines that cannot match a search, so that they need not be read.</summary>
internal sealed class LogSkips : IDisposable
{
    /// <summary>The maximum number of neighboring blocks that are read together.</summary>
    private const int MostTogether = 16;

    private readonly ImmutableList<LogRange> _blocks;
    private readonly byte[][][] _wanted;
    private readonly LineReader? _filters;
    private readonly bool?[] _mayMatch;

    /// <param name="blocks">The blocks, in the order of time.</param>
    public LogSkips(SqliteConnection connection, ImmutableList<LogRange> blocks, LogFilter filter)
    {
        _wanted = WantedOf(filter);
        _blocks = _wanted.Length == 0 ? [] : blocks;
        _mayMatch = new bool?[_blocks.Count];
        if (_blocks.Count > 0)
            _filters = new LineReader(connection, "SELECT grams FROM blocks WHERE first = ?");
    }

    /// <summary>Returns the first part of a range, in the given order, that may contain matching lines; null if there is none.</summary>
    public LogRange? Next(LogRange rest, LogOrder order)
    {
        while (rest.First <= rest.Last)
        {
            var at = order == LogOrder.NewestFirst ? NewestUntil(rest.Last) : OldestFrom(rest.First);
            if (at < 0 || at >= _blocks.Count || _blocks[at].Last < rest.First || _blocks[at].First > rest.Last)
                return rest;
            var block = _blocks[at];
            if (order == LogOrder.NewestFirst && block.Last < rest.Last)
                return rest with { First = block.Last.Next };
            if (order == LogOrder.OldestFirst && block.First > rest.First)
                return rest with { Last = block.First.Previous };
            if (MayMatch(at))
                return Together(at, rest, order);
            rest = order == LogOrder.NewestFirst ? rest with { Last = block.First.Previous } : rest with { First = block.Last.Next };
        }
        return null;
    }

    public void Dispose() => _filters?.Dispose();

    private LogRange Together(int at, LogRange rest, LogOrder order)
    {
        var step = order == LogOrder.NewestFirst ? -1 : 1;
        var last = at;
        while (Math.Abs(last + step - at) < MostTogether && last + step >= 0 && last + step < _blocks.Count && MayMatch(last + step))
            last += step;
        return order == LogOrder.NewestFirst
            ? rest with { First = Later(rest.First, _blocks[last].First) }
            : rest with { Last = Earlier(rest.Last, _blocks[last].Last) };
    }

    private bool MayMatch(int at) => _mayMatch[at] ??= Look(at);

    private bool Look(int at)
    {
        _filters!.Start(_blocks[at].First.Nanoseconds);
        try
        {
            // One that was deleted meanwhile tells nothing.
            if (!_filters.Read() || _filters.Bytes(0) is not { Length: GramFilter.Bytes } bits)
                return true;
            foreach (var parts in _wanted)
                if (ContainsAll(bits, parts))
                    return true;
            return false;
        }
        finally
        {
            _filters.Stop();
        }
    }

    private static bool ContainsAll(ReadOnlySpan<byte> bits, byte[][] parts)
    {
        foreach (var part in parts)
            if (!GramFilter.MayContain(bits, part))
                return false;
        return true;
    }

    /// <summary>Returns the bytes that each pattern requires; none if a pattern can match without specific bytes.</summary>
    private static byte[][][] WantedOf(LogFilter filter)
    {
        var wanted = filter.Text.Select(pattern => pattern.FoldedParts?.Where(part => part.Length >= GramFilter.Shortest).ToArray() ?? []).ToArray();
        return wanted.Any(parts => parts.Length == 0) ? [] : wanted;
    }

    private int NewestUntil(LogTime time)
    {
        var at = FirstAfter(time);
        return at - 1;
    }

    private int OldestFrom(LogTime time)
    {
        var at = FirstAfter(time);
        return at > 0 && _blocks[at - 1].Last >= time ? at - 1 : at;
    }

    /// <summary>Returns the index of the first block that begins after a time.</summary>
    private int FirstAfter(LogTime time)
    {
        var (low, high) = (0, _blocks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_blocks[middle].First > time)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static LogTime Later(LogTime left, LogTime right) => left > right ? left : right;

    private static LogTime Earlier(LogTime left, LogTime right) => left < right ? left : right;
}
