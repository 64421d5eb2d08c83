using Portico.Core.Engines;

namespace Portico.Testing.Engines;

/// <summary>Waits for what an engine does.</summary>
public static class EngineWaits
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until a build or job has ended.</summary>
    /// <exception cref="TimeoutException">It is still running.</exception>
    public static Task<RunState> EndOfAsync(this IEngine engine, RunId id) => Eventually.BecomesAsync(
        () => engine.GetRunAsync(id, CancellationToken.None), static state => state is not RunState.Running, Patience, $"{id} has ended");
}
