namespace Portico.Hosting.Loops;

/// <summary>What one background loop has done so far. The loop writes it; any thread may read it.</summary>
public sealed class LoopStatus(string name)
{
    private readonly Lock _lock = new();
    private readonly List<ItemRetries> _items = [];
    private LoopReport _report = new(name, null, TimeSpan.Zero, 0, 0, null, null, []);

    /// <summary>Shows the items of these retries with the loop.</summary>
    public void Include(ItemRetries items)
    {
        lock (_lock)
            _items.Add(items);
    }

    public LoopReport Read()
    {
        lock (_lock)
            return _report with { Items = [.. _items.SelectMany(items => items.Failing)] };
    }

    /// <summary>Notes a pass that worked. <see cref="BackgroundLoops"/> calls this; only a loop that it cannot run calls it itself.</summary>
    /// <returns>Whether the pass before it failed.</returns>
    public bool Succeeded(DateTimeOffset now, TimeSpan duration)
    {
        lock (_lock)
        {
            var before = _report;
            _report = before with { LastPass = now, Duration = duration, Passes = before.Passes + 1, FailingSince = null, Message = null };
            return before.FailingSince is not null;
        }
    }

    /// <summary>Notes a pass that failed, like <see cref="Succeeded"/>.</summary>
    /// <returns>Whether the pass before it worked.</returns>
    public bool Failed(DateTimeOffset now, TimeSpan duration, string message)
    {
        lock (_lock)
        {
            var before = _report;
            _report = before with
            {
                LastPass = now,
                Duration = duration,
                Passes = before.Passes + 1,
                Failures = before.Failures + 1,
                FailingSince = before.FailingSince ?? now,
                Message = message,
            };
            return before.FailingSince is null;
        }
    }
}
