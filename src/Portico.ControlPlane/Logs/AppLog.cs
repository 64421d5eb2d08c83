using System.Runtime.CompilerServices;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Logs;

/// <summary>The log of a service or data store, across its instances and jobs, with notes about its deploys.</summary>
internal sealed class AppLog(LogStore store, LogTail tail, LogLoop loop)
{
    private static readonly TextPattern App = TextPattern.Parse(LogType.App.ToWord(), whole: true);

    /// <param name="resource">The id of the resource. The caller must have been authorized to see it.</param>
    /// <param name="last">The number of newest lines to return; null for all lines that are kept.</param>
    /// <param name="follow">Whether to follow new lines until the call is canceled.</param>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        string resource, int? last, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = new LogFilter { Resources = [resource], Type = [App] };
        store.Open();
        await loop.CatchUpAsync(cancellationToken);
        var newest = store.Last;
        var start = last is { } lines ? tail.StartOf(filter, lines, newest, cancellationToken) : default;
        if (follow)
            await foreach (var line in tail.FollowAsync(filter, start, until: null, cancellationToken))
                yield return ToLine(line);
        else
            foreach (var line in tail.Read(filter, new LogRange(start, newest), cancellationToken))
                yield return ToLine(line);
    }

    private static LogLine ToLine(StoredLog line) => new(line.Labels.Instance ?? line.Labels.Resource, line.Message);
}
