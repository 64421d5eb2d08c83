using System.Runtime.CompilerServices;

namespace Portico.ControlPlane.Logs;

/// <summary>Lines as they are stored, each once and in order, across new instances of a service.</summary>
internal sealed class LogTail(LogStore store, LogSearch search, LogLoop loop, TimeProvider time)
{
    private const int LinesAtOnce = 500;

    /// <summary>While somebody listens, new lines are looked for this often.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="until">The last moment of interest; null for no end.</param>
    public async IAsyncEnumerable<StoredLog> FollowAsync(
        LogFilter filter, LogTime from, LogTime? until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = from;
        while (true)
        {
            var isLast = LogTime.From(time.GetUtcNow()) > until;
            if (isLast)
                await loop.CatchUpAsync(cancellationToken);
            // Every line up to this one can be found now, and none will be added before it.
            var newest = store.Last;
            var range = new LogRange(next, until < newest ? until.Value : newest);
            while (range.First <= range.Last)
            {
                var page = search.Find(filter, range, LogOrder.OldestFirst, LinesAtOnce, cancellationToken);
                foreach (var line in page.Logs)
                    yield return line;
                range = page.HasMore ? page.Rest : range with { First = range.Last.Next };
            }
            if (isLast)
                yield break;
            next = range.First;
            await NewerAsync(newest, cancellationToken);
        }
    }

    private async Task NewerAsync(LogTime newest, CancellationToken cancellationToken)
    {
        loop.Ask();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(store.NewerThanAsync(newest), Task.Delay(Pause, time, timeout.Token));
        await timeout.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
