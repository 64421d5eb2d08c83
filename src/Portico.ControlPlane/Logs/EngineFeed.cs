using Portico.Core.Engines;

namespace Portico.ControlPlane.Logs;

/// <summary>The output of builds, jobs and instances.</summary>
internal sealed class EngineFeed(IEngine engine, TimeProvider time) : ILogFeed
{
    private const string DeployPrefix = "dep-", PreDeploySuffix = "-pre";

    public bool IsOrdered => false;

    public IReadOnlyList<FeedSource> List() => [.. engine.ListLogs().Select(log => new EngineSource(log))];

    /// <summary>Reads lines. The exact time of a line is unknown, so the time of the log's last growth is used.</summary>
    public async Task<FeedPiece> ReadAsync(FeedSource source, long position, CancellationToken cancellationToken)
    {
        var log = ((EngineSource)source).Log;
        var piece = await engine.ReadLogAsync(log, position, cancellationToken);
        var now = time.GetUtcNow();
        var at = LogTime.From(piece.WrittenAt < now ? piece.WrittenAt : now);
        return new FeedPiece([.. piece.Lines.Select(line => new NewLog(at, LabelsOf(log, Severity.Of(line)), line))], piece.Next, HasMore: piece.HasMore);
    }

    /// <summary>
    /// Returns the labels of a log. Of a deploy, the build belongs to the build log, and the pre-deploy command to the service's
    /// own: it is the app that runs. Both have the deploy's id as the instance.
    /// </summary>
    internal static LogLabels LabelsOf(LogSource log, LogSeverity level)
    {
        var isOfDeploy = log.Writer.StartsWith(DeployPrefix, StringComparison.Ordinal);
        var isPreDeploy = isOfDeploy && log.Writer.EndsWith(PreDeploySuffix, StringComparison.Ordinal);
        return new LogLabels
        {
            Resource = log.Owner,
            Type = isOfDeploy && !isPreDeploy ? LogType.Build : LogType.App,
            Level = level,
            Instance = isPreDeploy ? log.Writer[..^PreDeploySuffix.Length] : log.Writer,
        };
    }

    private sealed record EngineSource(LogSource Log) : FeedSource(Log.Id, Log.Ended);
}
