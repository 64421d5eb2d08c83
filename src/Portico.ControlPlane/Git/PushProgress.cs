using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Storage;
using Portico.Core.Deploys;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Git;

/// <summary>
/// Shows deploys to whoever pushed, until all of them have ended. It only looks: when nobody watches any more, they go on.
/// </summary>
public sealed partial class PushProgress(
    IDbContextFactory<PorticoDb> databases, IEngine engine, VariableWorldReader worlds, TimeProvider time)
{
    private const int MostWaitingLines = 500;
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50), Silence = TimeSpan.FromSeconds(5);

    internal async Task ShowAsync(SideBand band, ArrivalOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var line in outcome.Lines)
                await band.SayAsync(line, cancellationToken);
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

    /// <returns>Whether there is something to say; false at the end.</returns>
    private async Task<bool> MoreAsync(SideBand band, ChannelReader<string> lines, CancellationToken cancellationToken)
    {
        var more = lines.WaitToReadAsync(cancellationToken).AsTask();
        while (await Task.WhenAny(more, Task.Delay(Silence, time, cancellationToken)) != more)
            await band.KeepAliveAsync(cancellationToken);
        return await more;
    }

    private async Task WatchAsync(string id, bool named, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        var (before, log) = ((DeployStatus?)null, Task.CompletedTask);
        while (await LookAsync(id, cancellationToken) is var (deploy, service))
        {
            var prefix = named ? $"[{service.Name}] " : "";
            if (deploy.Status != before)
            {
                if (PhaseOf(deploy, service) is { } phase)
                    await lines.WriteAsync($"==> {prefix}{phase}", cancellationToken);
                if (RunOf(deploy) is { } run)
                {
                    await log;
                    log = CopyLogAsync(run, $"    {prefix}", lines, cancellationToken);
                }
                before = deploy.Status;
            }
            if (!deploy.Status.IsActive())
            {
                await log;
                await TellEndAsync(deploy, service, prefix, lines, cancellationToken);
                return;
            }
            await Task.Delay(Glance, time, cancellationToken);
        }
    }

    private async Task<(DeployRow Deploy, ServiceRow Service)?> LookAsync(string id, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var deploy = await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
        var service = deploy is null ? null : await db.Services.AsNoTracking().FirstOrDefaultAsync(row => row.Id == deploy.ServiceId, cancellationToken);
        return service is null ? null : (deploy!, service);
    }

    private async Task CopyLogAsync(RunId run, string prefix, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        await foreach (var line in engine.ReadLogsAsync(new LogQuery { Run = run, Follow = true }, cancellationToken))
            await lines.WriteAsync(prefix + Clean(line.Text), cancellationToken);
    }

    private static RunId? RunOf(DeployRow deploy) => deploy.Status switch
    {
        DeployStatus.BuildInProgress => RevisionFactory.BuildId(deploy.Id),
        DeployStatus.PreDeployInProgress => RevisionFactory.PreDeployId(deploy.Id),
        _ => null,
    };

    private static string? PhaseOf(DeployRow deploy, ServiceRow service) => deploy.Status switch
    {
        DeployStatus.BuildInProgress => $"Building {service.Name} …",
        DeployStatus.PreDeployInProgress => "Running the pre-deploy command …",
        DeployStatus.UpdateInProgress => deploy.ArtifactId == deploy.Id ? "Built. Starting the new version …" : "Starting the new version …",
        _ => null,
    };

    private async Task TellEndAsync(DeployRow deploy, ServiceRow service, string prefix, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        foreach (var line in EndOf(deploy, service))
            await lines.WriteAsync($"==> {prefix}{line}", cancellationToken);
        if (deploy.Failure is not { } failure)
            return;
        // What a build printed has been shown as it came.
        foreach (var line in deploy.Status == DeployStatus.UpdateFailed ? failure.LastLines : [])
            await lines.WriteAsync($"    {prefix}{Clean(line)}", cancellationToken);
        if (failure.Hint is { } hint)
            await lines.WriteAsync($"    {prefix}{hint}", cancellationToken);
        await lines.WriteAsync($"    {prefix}What was live before goes on.", cancellationToken);
    }

    private IEnumerable<string> EndOf(DeployRow deploy, ServiceRow service)
    {
        var took = (deploy.FinishedAt ?? deploy.StatusSince) - deploy.CreatedAt;
        yield return deploy.Status switch
        {
            DeployStatus.Live or DeployStatus.Deactivated =>
                FormattableString.Invariant($"{service.Name} is live after {took.TotalSeconds:0.0} s{(worlds.IdentityOf(service).ExternalUrl is { } url ? $": {url}" : "")}"),
            DeployStatus.Canceled => deploy.SupersededBy is { } newer ? $"{service.Name}: overtaken by {newer}" : $"{service.Name}: canceled",
            _ => $"{service.Name} failed in step '{deploy.Failure?.Step}': {deploy.Failure?.Message}",
        };
    }

    /// <summary>Without what a terminal would follow: where the cursor goes, which colour, which title.</summary>
    private static string Clean(string line) => string.Concat(Escape.Replace(line, "").Where(letter => letter == '\t' || !char.IsControl(letter)));

    [GeneratedRegex(@"\x1B(\[[0-?]*[ -/]*[@-~]|\][^\a\x1B]*(\a|\x1B\\)|[@-Z\\-_])")]
    private static partial Regex Escape { get; }
}
