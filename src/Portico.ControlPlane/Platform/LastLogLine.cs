using Portico.Core.Engines;

namespace Portico.ControlPlane.Platform;

internal sealed class LastLogLine(IEngine engine)
{
    private const int Enough = 5;

    /// <summary>Returns the newest line that is not blank; null if there is none.</summary>
    public async Task<string?> OfAsync(LogQuery query, CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var line in engine.ReadLogsAsync(query with { Tail = Enough, Follow = false }, cancellationToken))
            if (!string.IsNullOrWhiteSpace(line.Text))
                last = line.Text;
        return last;
    }
}
