using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Logs;

/// <summary>All logs by name, for a reader that keeps its own place in each.</summary>
internal sealed class LogIndex(LogStore logs, Fleet fleet, RunStore runs)
{
    private const string InstancePrefix = "instance:", RunPrefix = "run:";

    /// <summary>Whether a log has ended is asked before anybody reads it: what is written before the end is then surely read.</summary>
    public IReadOnlyList<LogSource> List()
    {
        // In this order: a log made in between is not listed yet, instead of being taken for one whose instance is gone.
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

    /// <summary>A run that was forgotten and started again under its name has another log: its start tells them apart.</summary>
    private static LogSource OfRun(RunRecord run) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{RunPrefix}{run.Id}@{run.StartedAt.UtcTicks}"),
        Owner = run.Owner,
        Writer = run.Id.Value,
        Ended = run.Result is not null,
    };

    private string PathOf(LogSource source) => source.Id.StartsWith(InstancePrefix, StringComparison.Ordinal)
        ? logs.PathOf(source.Owner, source.Id[InstancePrefix.Length..])
        : logs.OfRun(new RunId(source.Writer));
}
