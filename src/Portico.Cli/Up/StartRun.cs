using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Up;

/// <summary>One <c>portico start</c>: starts the server, which restores what ran before, and waits until it is done.</summary>
internal sealed class StartRun(CliHost host)
{
    // A keeper gives up when the port is in use; the server checks the edge every five seconds.
    private static readonly TimeSpan EdgeTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly PlatformSettings _settings = host.LoadSettings();

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var begun = host.Time.GetUtcNow();
            var launcher = new ServerLauncher(host, _settings);
            var running = await launcher.RunningAsync(cancellationToken);
            using var server = running ?? await launcher.StartAsync(cancellationToken);
            return await FinishAsync(server, wasRunning: running is not null, begun, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Error.WriteLine();
            host.Error.WriteLine("Interrupted. Portico continues to start: `portico status` shows it; `portico down` stops everything.");
            return ExitCode.Interrupted;
        }
    }

    private async Task<int> FinishAsync(ServerConnection server, bool wasRunning, DateTimeOffset begun, CancellationToken cancellationToken)
    {
        var watch = new ProgressWatch(
            host.Time, server.Client.GetStatusAsync, [.. server.Status.Resources.Select(item => item.Id)],
            (resource, unchangedFor) => Outcome.OfStart(resource, unchangedFor, begun));
        IProgressView view = host.CanDraw ? new LiveProgress(host.Out, host.OutStyle.Enabled) : new PlainProgress(host.Out);
        var resources = await view.ShowAsync(show => watch.RunAsync(show, cancellationToken));
        var status = await ServedAsync(server, cancellationToken);
        return UpSummary.Write(host, status, resources, Words(wasRunning, resources.Count));
    }

    private static string Words(bool wasRunning, int resources) => (wasRunning, resources) switch
    {
        (_, 0) => "Portico is running. Nothing is deployed yet. Deploy a render.yaml with `portico up`.",
        (true, _) => "Everything is already running.",
        _ => "Everything is running again.",
    };

    /// <summary>The edge starts beside the server and is ready last.</summary>
    private async Task<PlatformStatus> ServedAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        var started = host.Time.GetTimestamp();
        while (true)
        {
            var status = await server.Client.GetStatusAsync(cancellationToken);
            if (status.EdgeProblem is null || host.Time.GetElapsedTime(started) > EdgeTimeout)
                return status;
            await Task.Delay(PollEvery, host.Time, cancellationToken);
        }
    }
}
