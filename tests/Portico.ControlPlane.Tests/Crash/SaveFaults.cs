using Microsoft.EntityFrameworkCore.Diagnostics;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Makes a save fail before it writes, or lose its answer after it has written.</summary>
internal sealed class SaveFaults(FaultPoints faults) : SaveChangesInterceptor
{
    private bool _failAfter;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        try
        {
            await faults.PassAsync("save", static () => { });
        }
        catch (SimulatedFault fault) when (fault.Message.StartsWith("after", StringComparison.Ordinal))
        {
            _failAfter = true;
        }
        return result;
    }

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (!_failAfter)
            return ValueTask.FromResult(result);
        _failAfter = false;
        throw new SimulatedFault("after save");
    }
}
