using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Platform;

/// <summary>Ends all workloads of the engine without the files of the home, and starts none any more.</summary>
internal delegate Task EndWorkloads(CancellationToken cancellationToken);

/// <summary>
/// Stops a server whose home was removed, and what it runs. It could neither be reached nor stopped any more: its sockets and its
/// records are gone, while its processes would keep the ports, the processor and the memory.
/// </summary>
internal sealed partial class HomeWatch(
    HomeLock home, IEnumerable<ReconcilerLoop> loops, EdgeHost edge, EndWorkloads endWorkloads,
    IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HomeWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!home.IsHomeGone())
            await Task.Delay(Interval, time, stoppingToken);
        LogGone();
        // Not with the token of the host: it ends when the host stops, which is the last step here.
        await Task.Run(EndAsync, CancellationToken.None);
    }

    private async Task EndAsync()
    {
        try
        {
            foreach (var loop in loops)
                await loop.StopAsync(CancellationToken.None);
            await Task.WhenAll(edge.EndAsync(CancellationToken.None), endWorkloads(CancellationToken.None));
        }
        catch (Exception exception)
        {
            LogIncomplete(exception);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The home of this platform was removed or moved. The server stops, with everything that it runs.")]
    private partial void LogGone();

    [LoggerMessage(Level = LogLevel.Error, Message = "Not everything could be stopped after the home was removed.")]
    private partial void LogIncomplete(Exception exception);
}
