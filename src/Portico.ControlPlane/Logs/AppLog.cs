using System.Runtime.CompilerServices;

namespace Portico.ControlPlane.Logs;

/// <param name="Last">The number of newest lines to return; null for all lines that are kept.</param>
/// <param name="Since">The time of the first line of interest.</param>
internal sealed record LogWindow(int? Last, LogTime Since);

/// <summary>The log of a service or data store: of its instances and jobs, with notes about its deploys, or of one deploy.</summary>
internal sealed class AppLog(LogStore store, LogTail tail, LogLoop loop, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TextPattern App = TextPattern.Parse(LogType.App.ToWord(), whole: true);

    /// <param name="resource">The id of the resource. The caller must have been authorized to see it.</param>
    /// <param name="follow">Whether to follow new lines until the call is canceled.</param>
    public async IAsyncEnumerable<StoredLog> ReadAsync(
        string resource, IReadOnlyList<TextPattern> levels, LogWindow window, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new LogFilter { Resources = [resource], Type = [App], Level = levels };
        store.Open();
        await loop.CatchUpAsync(cancellationToken);
        var newest = store.Last;
        var start = StartOf(filter, window, newest, cancellationToken);
        if (follow)
            await foreach (var line in tail.FollowAsync(filter, start, until: null, cancellationToken))
                yield return line;
        else
            foreach (var line in tail.Read(filter, new LogRange(start, newest), cancellationToken))
                yield return line;
    }

    /// <summary>Reads what a deploy's build and pre-deploy command wrote, with the platform's notes.</summary>
    /// <param name="isRunning">Whether more lines may come, and the caller wants them.</param>
    public async IAsyncEnumerable<StoredLog> ReadDeployAsync(
        string service, string deploy, IReadOnlyList<TextPattern> levels, LogWindow window, Func<CancellationToken, Task<bool>> isRunning,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new LogFilter { Resources = [service], Instance = [TextPattern.Parse(deploy, whole: true)], Level = levels };
        store.Open();
        for (LogTime? next = null; ;)
        {
            // In this order: what was written before the end is surely read.
            var isLast = !await isRunning(cancellationToken);
            await loop.CatchUpAsync(cancellationToken);
            var newest = store.Last;
            var range = new LogRange(next ?? StartOf(filter, window, newest, cancellationToken), newest);
            foreach (var line in tail.Read(filter, range, cancellationToken))
                yield return line;
            if (isLast)
                yield break;
            next = newest < range.First ? range.First : newest.Next;
            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    private LogTime StartOf(LogFilter filter, LogWindow window, LogTime newest, CancellationToken cancellationToken)
    {
        var start = window.Last is { } lines ? tail.StartOf(filter, lines, newest, cancellationToken) : default;
        return start < window.Since ? window.Since : start;
    }
}
