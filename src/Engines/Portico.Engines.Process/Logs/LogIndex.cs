using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Logs;

/// <summary>Lists all logs by name, for a reader that remembers its own position in each.</summary>
internal sealed class LogIndex(LogStore logs, Fleet fleet, RunStore runs)
{
    private const string InstancePrefix = "instance:", RunPrefix = "run:";

    /// <summary>Lists the logs, and whether each has ended. That is determined before a log is read, so that everything up to its end is read.</summary>
    public IReadOnlyList<LogSource> List()
    {
        // The order matters: a log that is created in between is not listed yet, and so is not mistaken for one of a deleted instance.
        var paths = logs.OfInstances;
        var inUse = fleet.Instances().Select(instance => instance.LogPath).ToHashSet();
        return [.. paths.Select(log => OfInstance(log.Key, log.Value, !inUse.Contains(log.Key))), .. runs.All.Select(OfRun)];
    }

    public LogPiece Read(LogSource source, long position) => LogPieces.Read(PathOf(source), position, source.Ended);

    private static LogSource OfInstance(string path, string owner, bool ended) => new()
    {
        Id = InstancePrefix + Path.GetFileName(path),
        Owner = owner,
        Writer = LogStore.InstanceOf(path),
        Ended = ended,
    };

    /// <summary>Names the log of a run. If a run was deleted and started again under the same id, its start time distinguishes the two logs.</summary>
    private static LogSource OfRun(RunRecord run) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{RunPrefix}{run.Id}@{run.StartedAt.UtcTicks}"),
        Owner = run.Owner,
        Writer = run.Id.Value,
        Ended = run.HasEnded,
    };

    private string PathOf(LogSource source) => source.Id.StartsWith(InstancePrefix, StringComparison.Ordinal)
        ? logs.PathOf(source.Owner, source.Id[InstancePrefix.Length..])
        : logs.OfRun(new RunId(source.Writer));
}
