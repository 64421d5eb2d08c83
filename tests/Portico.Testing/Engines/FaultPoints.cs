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

    /// <summary>The call fails, and so does every later one of the same kind for the same item.</summary>
    FailForever,
}

/// <summary>
/// Counts the calls by which a system acts on the world, and lets one of them go wrong. A test runs once to learn how
/// many there are, then once for each of them and each <see cref="Fault"/>.
/// </summary>
public sealed class FaultPoints
{
    private readonly Lock _lock = new();

    private readonly AsyncLocal<string?> _caller = new();
    private string? _failsForever;
    private int _failedCalls;

    /// <summary>The first call for which it is true fails, and so does every later one with the same subject.</summary>
    public Func<string, string?, bool>? FailsForever { get; set; }

    /// <summary>The subject that fails forever; null before it was reached.</summary>
    public string? FailingSubject => _failsForever;

    /// <summary>How often it has failed.</summary>
    public int FailedCalls => Volatile.Read(ref _failedCalls);

    /// <summary>What was passed, in order.</summary>
    public List<string> Passed { get; } = [];

    /// <summary>For each of them, the subject (the kind of call and its item) and who made it.</summary>
    public List<(string Subject, string? Caller)> PassedCalls { get; } = [];

    /// <summary>The same for all calls, also those that are no point.</summary>
    public List<(string Subject, string? Caller)> Calls { get; } = [];

    /// <summary>Who makes the calls of this flow of control; null for a user.</summary>
    public string? Caller
    {
        get => _caller.Value;
        set => _caller.Value = value;
    }

    /// <summary>The fault is the process's death: until <see cref="Revive"/>, no call has an effect.</summary>
    public bool IsFatal { get; set; }

    public bool IsDead { get; private set; }

    public void Revive() => IsDead = false;

    /// <summary>Which call goes wrong, from 0; -1 for none.</summary>
    public int Target { get; set; } = -1;

    public Fault Fault { get; set; }

    /// <summary>Set when the target was reached.</summary>
    public bool Struck { get; private set; }

    public Task PassAsync(string name, Action effect, string? subject = null) => PassAsync(name, () =>
    {
        effect();
        return Task.CompletedTask;
    }, subject);

    /// <exception cref="SimulatedFault">This is the call that goes wrong.</exception>
    /// <param name="subject">The kind of call and its item, where the name says more or less than that.</param>
    public async Task PassAsync(string name, Func<Task> effect, string? subject = null)
    {
        var fault = Take(name, subject ?? name.Split(" × ")[0]);
        if (fault is Fault.FailBefore or Fault.FailForever)
            throw new SimulatedFault($"before {name}");
        await effect();
        if (fault == Fault.Twice)
            await effect();
        if (fault == Fault.FailAfter)
            throw new SimulatedFault($"after {name}");
    }

    /// <summary>Passes a call that is no point of its own, because a reconciler repeats it at every look. It can only fail forever.</summary>
    /// <exception cref="SimulatedFault">It is what fails forever.</exception>
    public void PassRepeated(string subject)
    {
        lock (_lock)
        {
            Calls.Add((subject, Caller));
            if (FailsForeverNow(subject))
                throw new SimulatedFault($"before {subject}");
        }
    }

    private bool FailsForeverNow(string subject)
    {
        if (_failsForever is null && FailsForever?.Invoke(subject, Caller) == true)
            _failsForever = subject;
        if (_failsForever is null || subject != _failsForever)
            return false;
        _failedCalls++;
        return true;
    }

    /// <summary>Several may pass at a time: what runs beside the reconcilers does.</summary>
    private Fault Take(string name, string subject)
    {
        lock (_lock)
        {
            if (IsDead)
                return Fault.FailBefore;
            var fault = Passed.Count == Target ? Fault : Fault.None;
            if (FailsForeverNow(subject))
                fault = Fault.FailForever;
            Passed.Add(name);
            PassedCalls.Add((subject, Caller));
            Calls.Add((subject, Caller));
            Struck |= fault != Fault.None;
            // What lost its answer has had its effect, and then nothing has one any more.
            IsDead = IsFatal && fault != Fault.None;
            return fault;
        }
    }
}

public sealed class SimulatedFault(string message) : IOException(message);
