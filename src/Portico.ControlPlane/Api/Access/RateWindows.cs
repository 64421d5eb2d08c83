using System.Collections.Concurrent;

namespace Portico.ControlPlane.Api.Access;

/// <param name="Reset">Seconds until the whole limit is available again.</param>
internal readonly record struct RateState(int Limit, int Remaining, int Reset, bool IsOver);

/// <summary>Limits the number of requests per client and minute.</summary>
/// <remarks>The framework's limiters are not used because they do not report the remaining requests and do not accept a clock.</remarks>
internal sealed class RateWindows(int limit, TimeProvider time)
{
    private const int MostKept = 10_000;

    // Whoever comes when all are taken shares one window: nobody fills the memory by coming under many names.
    private const string Others = "";

    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, Window> _windows = new();

    /// <summary>Counts a request and returns the state of its window.</summary>
    public RateState Take(string who)
    {
        var window = Find(who);
        lock (window)
        {
            var now = time.GetUtcNow();
            if (now - window.Start >= Length)
                (window.Start, window.Taken) = (now, 0);
            var isOver = window.Taken >= limit;
            window.Taken = isOver ? window.Taken : window.Taken + 1;
            return State(window, now, isOver);
        }
    }

    /// <summary>Returns the state of a window without counting a request.</summary>
    public RateState Look(string who)
    {
        if (!_windows.TryGetValue(who, out var window))
            return new RateState(limit, limit, 0, false);
        lock (window)
        {
            var now = time.GetUtcNow();
            return now - window.Start >= Length
                ? new RateState(limit, limit, 0, false)
                : State(window, now, window.Taken >= limit);
        }
    }

    private RateState State(Window window, DateTimeOffset now, bool isOver) =>
        new(limit, limit - window.Taken, Math.Max(1, (int)Math.Ceiling((window.Start + Length - now).TotalSeconds)), isOver);

    private Window Find(string who)
    {
        if (_windows.TryGetValue(who, out var found))
            return found;
        if (_windows.Count >= MostKept)
            RemoveOld();
        return _windows.GetOrAdd(_windows.Count >= MostKept ? Others : who, static (_, now) => new Window { Start = now }, time.GetUtcNow());
    }

    private void RemoveOld()
    {
        var now = time.GetUtcNow();
        foreach (var (who, window) in _windows)
            if (now - window.Start >= Length)
                _windows.TryRemove(who, out _);
    }

    private sealed class Window
    {
        public DateTimeOffset Start { get; set; }

        public int Taken { get; set; }
    }
}
