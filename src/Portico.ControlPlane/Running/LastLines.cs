using Portico.Core.Engines;

namespace Portico.ControlPlane.Running;

/// <summary>Reads the last log lines that show why something failed, oldest first.</summary>
internal sealed class LastLines(IEngine engine)
{
    private const int Most = 20;

    public Task<IReadOnlyList<string>> OfRunAsync(RunId run, CancellationToken cancellationToken) =>
        TailAsync(new LogQuery { Run = run, Tail = Most }, cancellationToken);

    /// <summary>Reads the lines of the instance with the most failures.</summary>
    public async Task<IReadOnlyList<string>> OfRevisionAsync(RevisionId revision, CancellationToken cancellationToken) =>
        engine.Observe().Instances.Where(item => item.Revision == revision).MaxBy(item => item.Restarts) is { } worst
            ? await OfInstanceAsync(worst, cancellationToken)
            : [];

    /// <returns>The lines and the deploy of the instance; null if the instance is gone.</returns>
    public async Task<(string Deploy, IReadOnlyList<string> Lines)?> OfInstanceAsync(InstanceId id, CancellationToken cancellationToken) =>
        engine.Observe().Instances.FirstOrDefault(item => item.Id == id) is { } instance
            ? (instance.Revision.Value, await OfInstanceAsync(instance, cancellationToken))
            : null;

    /// <summary>Reads what an instance wrote before it ended. It may have been restarted since.</summary>
    private async Task<IReadOnlyList<string>> OfInstanceAsync(InstanceSnapshot instance, CancellationToken cancellationToken) =>
        instance.LastExit is { LastLines.Count: > 0 } exit
            ? exit.LastLines
            : await TailAsync(new LogQuery { Instance = instance.Id, Tail = Most }, cancellationToken);

    private async Task<IReadOnlyList<string>> TailAsync(LogQuery query, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await foreach (var line in engine.ReadLogsAsync(query, cancellationToken))
            lines.Add(line.Text);
        return lines;
    }
}
