using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.State;
using Portico.Core.Deploys;
using Portico.Hosting;

namespace Portico.ControlPlane.Api.Git;

/// <summary>
/// Streams deploys to the client of a push until all of them have ended. It only reads: the deploys continue when the client
/// disconnects.
/// </summary>
internal sealed class PushProgress(
    IDbContextFactory<PorticoDb> databases, DeployLog log, TimeProvider time)
{
    private const int MostWaitingLines = 500;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    internal async Task ShowAsync(SideBand band, FollowOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var line in outcome.Lines)
                await band.SayAsync(TerminalText.Coloured(line), cancellationToken);
            if (outcome.Deploys.Count > 0)
                await WatchAsync(band, outcome.Deploys, cancellationToken);
            await band.EndAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Nobody watches any more.
        }
    }

    private async Task WatchAsync(SideBand band, IReadOnlyList<string> deploys, CancellationToken cancellationToken)
    {
        // Whoever says more than can be shown waits.
        var lines = Channel.CreateBounded<string>(MostWaitingLines);
        var watched = Task.WhenAll(deploys.Select(deploy => WatchAsync(deploy, deploys.Count > 1, lines.Writer, cancellationToken)));
        _ = watched.ContinueWith(
            task => lines.Writer.TryComplete(task.Exception), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        while (await MoreAsync(band, lines.Reader, cancellationToken))
            while (lines.Reader.TryRead(out var line))
                await band.SayAsync(line, cancellationToken);
        await watched;
    }

    /// <returns>True if there is a line to show; false at the end.</returns>
    private async Task<bool> MoreAsync(SideBand band, ChannelReader<string> lines, CancellationToken cancellationToken)
    {
        var more = lines.WaitToReadAsync(cancellationToken).AsTask();
        while (await Task.WhenAny(more, Task.Delay(Silence, time, cancellationToken)) != more)
            await band.KeepAliveAsync(cancellationToken);
        return await more;
    }

    /// <param name="named">Whether to prefix each line with the service's name, because there are several.</param>
    private async Task WatchAsync(string id, bool named, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, cancellationToken) is not var (_, service))
            return;
        var prefix = named ? $"[{service.Name}] " : "";
        await foreach (var line in log.ReadAsync(id, follow: true, cancellationToken))
            await lines.WriteAsync(prefix + TerminalText.Coloured(TerminalText.LastDrawn(line.Text)), cancellationToken);
        if (await LookAsync(id, cancellationToken) is var (deploy, now))
            foreach (var line in EndOf(deploy, now))
                await lines.WriteAsync(prefix + TerminalText.Coloured(line), cancellationToken);
    }

    private async Task<(DeployRow Deploy, ServiceRow Service)?> LookAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var deploy = await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        var service = deploy is null ? null : await db.Services.AsNoTracking().FirstOrDefaultAsync(row => row.Id == deploy.ServiceId, cancellationToken);
        return service is null ? null : (deploy!, service);
    }

    /// <summary>Returns the lines about the end of a deploy that are not in its log.</summary>
    private static IEnumerable<string> EndOf(DeployRow deploy, ServiceRow service)
    {
        var took = (deploy.FinishedAt ?? deploy.StatusSince) - deploy.CreatedAt;
        if (deploy.Status is DeployStatus.Live or DeployStatus.Deactivated)
            return [FormattableString.Invariant($"    The deploy took {took.TotalSeconds:0.0} s.")];
        // What a build printed has been shown as it came; what an instance printed has not.
        var last = deploy is { Status: DeployStatus.UpdateFailed, Failure: { } failure } ? failure.LastLines.Select(line => $"    {line}") : [];
        return [.. last, service.RoutedDeployId is null ? "    Nothing from this deploy is live." : "    The previous deploy is still live."];
    }
}
