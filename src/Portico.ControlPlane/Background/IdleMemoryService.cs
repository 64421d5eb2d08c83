using Microsoft.Extensions.Hosting;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>Lets the server give memory back after a start, a deploy or a build.</summary>
internal sealed class IdleMemoryService(BackgroundLoops loops) : BackgroundService
{
    /// <summary>
    /// Bytes. A collection of the server's heap takes some 50 ms, and an idle server allocates this much in some minutes. It keeps no
    /// more than 4 MB of garbage meanwhile: see Gen0MaxBudget in the project of the server.
    /// </summary>
    private const long WorthIt = 32_000_000;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => new IdleMemory(loops, WorthIt).RunAsync(stoppingToken);
}
