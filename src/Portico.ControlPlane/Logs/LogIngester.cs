using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Logs;

/// <summary>Copies new lines from all feeds into the store, in passes of limited size.</summary>
/// <remarks>
/// A pass starts at the stored positions, and stores lines and new positions together. It can be interrupted anywhere: the
/// next pass, of this process or the next, reads again what was not stored. A source that cannot be read is retried, and only the
/// later sources of an ordered feed wait for it.
/// </remarks>
/// <param name="items">The sources that could not be read.</param>
internal sealed class LogIngester(LogStore store, IReadOnlyList<ILogFeed> feeds, ItemRetries items)
{
    /// <summary>Limits the memory of a pass, by the size of the texts.</summary>
    private const int LargestPass = 4 * 1024 * 1024;

    private readonly HashSet<string> _finished = [];
    private int _first;

    /// <summary>Whether the last pass reached a limit, so that the next one is due at once.</summary>
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

    /// <summary>Removes positions in deleted logs, and label sets without lines.</summary>
    public void Tidy()
    {
        store.Open();
        var known = feeds.SelectMany(feed => feed.List()).Select(source => source.Id).ToHashSet();
        if (store.Sources.Where(source => !known.Contains(source)).ToList() is { Count: > 0 } gone)
            store.Forget(gone);
        _finished.IntersectWith(known);
        items.KeepOnly(known);
        store.TrimStreams();
    }

    /// <returns>Whether the pass is full, or other feeds must wait for this one.</returns>
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
            if (await TryReadAsync(feed, source, position, cancellationToken) is not { } piece)
            {
                if (feed.IsOrdered)
                    return false;
                continue;
            }
            if (piece.Next == position)
            {
                if (source.Ended)
                    _finished.Add(source.Id);
                continue;
            }
            lines.AddRange(piece.Lines);
            positions[source.Id] = piece.Next;
            size += piece.Lines.Sum(line => line.Message.Length);
            var isFull = piece.IsBehind || size > LargestPass;
            HasMore |= isFull || piece.HasMore;
            if (isFull)
                return true;
        }
        return false;
    }

    /// <returns>Null if the source cannot be read now.</returns>
    private async Task<FeedPiece?> TryReadAsync(ILogFeed feed, FeedSource source, long position, CancellationToken cancellationToken)
    {
        FeedPiece? piece = null;
        await items.TryAsync(source.Id, async token => piece = await feed.ReadAsync(source, position, token), cancellationToken);
        return piece;
    }
}
