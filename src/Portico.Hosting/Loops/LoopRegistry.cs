namespace Portico.Hosting.Loops;

/// <summary>All background loops of this process.</summary>
public sealed class LoopRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LoopStatus> _loops = new(StringComparer.Ordinal);

    /// <summary>The status of that name, which is made when it is first asked for.</summary>
    public LoopStatus Get(string name)
    {
        lock (_lock)
        {
            if (!_loops.TryGetValue(name, out var status))
                _loops.Add(name, status = new LoopStatus(name));
            return status;
        }
    }

    /// <summary>Forgets a loop that has ended because what it served is gone.</summary>
    public void Remove(string name)
    {
        lock (_lock)
            _loops.Remove(name);
    }

    /// <summary>Ordered by name.</summary>
    public IReadOnlyList<LoopReport> Read()
    {
        LoopStatus[] loops;
        lock (_lock)
            loops = [.. _loops.Values];
        return [.. loops.Select(loop => loop.Read()).OrderBy(report => report.Name, StringComparer.Ordinal)];
    }
}
