namespace Portico.ControlPlane.Logs;

/// <summary>Brings what others wrote into the store, one bounded pass at a time.</summary>
/// <remarks>
/// A pass reads from the stored positions on and stores lines and new positions together. So it does not matter where it is
/// interrupted: the next one, of this process or the next, reads again what was not stored.
/// </remarks>
internal sealed class LogIngester(LogStore store, IReadOnlyList<ILogFeed> feeds)
{
    /// <summary>Bounds what is held in memory, by the size of texts.</summary>
    private const int LargestPass = 4 * 1024 * 1024;

    private readonly HashSet<string> _finished = [];
    private int _first;

    /// <summary>Whether a pass came across its bound, so that the next one is due at once.</summary>
    public bool HasMore { get; private set; }

    /// <returns>Whether there was anything new.</returns>
    public async Task<bool> PassAsync(CancellationToken cancellationToken)
    {
        store.Open();
        HasMore = false;
        var (lines, positions) = (new List<NewLog>(), new Dictionary<string, long>());
        foreach (var feed in feeds)
            if (await ReadAsync(feed, lines, positions, cancellationToken))
                break;
        if (positions.Count == 0)
            return false;
        store.Append([.. lines.OrderBy(line => line.At)], positions);
        return true;
    }

    /// <summary>Forgets what is gone: positions in logs that were deleted, and label sets that no line has any more.</summary>
    public void Tidy()
    {
        var known = feeds.SelectMany(feed => feed.List()).Select(source => source.Id).ToHashSet();
        if (store.Sources.Where(source => !known.Contains(source)).ToList() is { Count: > 0 } gone)
            store.Forget(gone);
        _finished.IntersectWith(known);
        store.TrimStreams();
    }

    /// <returns>Whether the pass is full, or everything else has to wait for this feed.</returns>
    private async Task<bool> ReadAsync(ILogFeed feed, List<NewLog> lines, Dictionary<string, long> positions, CancellationToken cancellationToken)
    {
        var sources = feed.List().Where(source => !_finished.Contains(source.Id)).ToList();
        // Each time another one is first, so that none goes short when a pass is full early.
        _first++;
        var size = lines.Sum(line => line.Message.Length);
        for (var i = 0; i < sources.Count; i++)
        {
            var source = sources[feed.IsOrdered ? i : (_first + i) % sources.Count];
            var position = store.PositionOf(source.Id);
            var piece = await feed.ReadAsync(source, position, cancellationToken);
            if (piece.Next == position)
            {
                if (source.Ended)
                    _finished.Add(source.Id);
                continue;
            }
            lines.AddRange(piece.Lines);
            positions[source.Id] = piece.Next;
            size += piece.Lines.Sum(line => line.Message.Length);
            HasMore |= piece.IsBehind || size > LargestPass;
            if (HasMore)
                return true;
        }
        return false;
    }
}
