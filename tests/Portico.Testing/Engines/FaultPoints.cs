namespace Portico.Testing.Engines;

public enum Fault
{
    None,

    /// <summary>The call fails and has no effect.</summary>
    FailBefore,

    /// <summary>The call has its effect, and its answer is lost.</summary>
    FailAfter,

    /// <summary>The call is made twice.</summary>
    Twice,
}

/// <summary>
/// Counts the calls by which a system acts on the world, and lets one of them go wrong. A test runs once to learn how
/// many there are, then once for each of them and each <see cref="Fault"/>.
/// </summary>
public sealed class FaultPoints
{
    private readonly Lock _lock = new();

    /// <summary>What was passed, in order.</summary>
    public List<string> Passed { get; } = [];

    /// <summary>Which call goes wrong, from 0; -1 for none.</summary>
    public int Target { get; set; } = -1;

    public Fault Fault { get; set; }

    /// <summary>Set when the target was reached.</summary>
    public bool Struck { get; private set; }

    public Task PassAsync(string name, Action effect) => PassAsync(name, () =>
    {
        effect();
        return Task.CompletedTask;
    });

    /// <exception cref="SimulatedFault">This is the call that goes wrong.</exception>
    public async Task PassAsync(string name, Func<Task> effect)
    {
        var fault = Take(name);
        if (fault == Fault.FailBefore)
            throw new SimulatedFault($"before {name}");
        await effect();
        if (fault == Fault.Twice)
            await effect();
        if (fault == Fault.FailAfter)
            throw new SimulatedFault($"after {name}");
    }

    /// <summary>Several may pass at a time: what runs beside the reconcilers does.</summary>
    private Fault Take(string name)
    {
        lock (_lock)
        {
            var fault = Passed.Count == Target ? Fault : Fault.None;
            Passed.Add(name);
            Struck |= fault != Fault.None;
            return fault;
        }
    }
}

public sealed class SimulatedFault(string message) : IOException(message);
