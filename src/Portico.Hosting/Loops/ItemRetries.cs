using Microsoft.Extensions.Logging;

namespace Portico.Hosting.Loops;

/// <summary>
/// Guards the items of a loop from each other: work that fails is logged once and retried with back-off, and the other items
/// continue. Different items may be worked on at the same time, one item only by one thread.
/// </summary>
/// <param name="kind">What the items are, for the log: <c>deploy</c>, <c>data store</c>.</param>
/// <param name="isMachineWide">Failures that say nothing about the item: they delay it, and do not count as an attempt.</param>
/// <param name="options">For items whose first failures are nothing unusual.</param>
public sealed partial class ItemRetries(
    string kind, TimeProvider time, ILogger logger, Func<Exception, bool>? isMachineWide = null, RetryOptions options = default)
{
    private static readonly TimeSpan AfterMachineFailure = TimeSpan.FromSeconds(5);

    /// <summary>
    /// An item that has not been tried for this long after its retry was due no longer exists: its caller would have tried it. It is
    /// longer than the pause of the slowest loop.
    /// </summary>
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, FailingItem> _failing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _logged = new(StringComparer.Ordinal);
    private readonly Func<Exception, bool> _isMachineWide = isMachineWide ?? MachineFailure.Is;

    public IReadOnlyList<FailingItem> Failing
    {
        get
        {
            lock (_lock)
            {
                ForgetAbandoned();
                return [.. _failing.Values];
            }
        }
    }

    /// <summary>How long a loop waits until it tries an item again; null when none has failed.</summary>
    /// <remarks>
    /// An item that was due and was not tried may no longer exist. It is waited for as long as it has been due, a second at least, so
    /// that it never makes a loop run without a pause.
    /// </remarks>
    public TimeSpan? UntilNext()
    {
        lock (_lock)
        {
            ForgetAbandoned();
            var now = time.GetUtcNow();
            return _failing.Values.Min(item => Pause(item.RetryAt - now));
        }

        static TimeSpan? Pause(TimeSpan left) => left > TimeSpan.Zero ? left : left < -RetryDelay.Shortest ? -left : RetryDelay.Shortest;
    }

    /// <summary>The items that failed and whose time for another attempt has not come.</summary>
    public IReadOnlyList<string> Waiting()
    {
        lock (_lock)
            return [.. _failing.Keys.Where(item => !IsDue(item))];
    }

    /// <summary>Does the item's work, unless it failed and its time has not come.</summary>
    /// <returns>Whether the work was done. A failure is logged and kept here, never thrown, except for a requested cancellation.</returns>
    public async Task<bool> TryAsync(string item, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsDue(item))
            return false;
        try
        {
            await work(cancellationToken);
            Succeeded(item);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            Failed(item, exception);
            return false;
        }
    }

    /// <summary>Does the work of each item that is due, one after the other, and forgets how items failed that are no longer there.</summary>
    /// <param name="all">All that there is to do, including what waits for its next attempt.</param>
    /// <param name="nameOf">The item, as in <see cref="TryAsync"/>.</param>
    /// <returns>Whether the work of all was done.</returns>
    public async Task<bool> EachAsync<T>(
        IReadOnlyCollection<T> all, Func<T, string> nameOf, Func<T, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(nameOf);
        KeepOnly(all.Select(nameOf).ToHashSet(StringComparer.Ordinal));
        var isDone = true;
        foreach (var item in all)
            isDone &= await TryAsync(nameOf(item), token => work(item, token), cancellationToken);
        return isDone;
    }

    /// <inheritdoc cref="TryAsync"/>
    public bool Try(string item, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (!IsDue(item))
            return false;
        try
        {
            work();
            Succeeded(item);
            return true;
        }
        catch (Exception exception)
        {
            Failed(item, exception);
            return false;
        }
    }

    /// <summary>Does the item's work, again and again with back-off until it succeeds.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants it done.</exception>
    public async Task UntilSucceededAsync(string item, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        while (!await TryAsync(item, work, cancellationToken))
        {
            var left = (Find(item)?.RetryAt ?? time.GetUtcNow()) - time.GetUtcNow();
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
        }
    }

    public bool IsDue(string item)
    {
        lock (_lock)
            return !_failing.TryGetValue(item, out var failing) || failing.RetryAt <= time.GetUtcNow();
    }

    /// <summary>How the item failed so far; null when its last attempt succeeded.</summary>
    public FailingItem? Find(string item)
    {
        lock (_lock)
            return _failing.GetValueOrDefault(item);
    }

    /// <summary>Notes a failure that the caller has caught.</summary>
    public void Failed(string item, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        bool isNews;
        lock (_lock)
        {
            ForgetAbandoned();
            var before = _failing.GetValueOrDefault(item);
            var now = time.GetUtcNow();
            var machineWide = _isMachineWide(exception);
            var attempts = (before?.Attempts ?? 0) + (machineWide ? 0 : 1);
            _failing[item] = new FailingItem(
                item, attempts, before?.FailingSince ?? now, now + (machineWide ? AfterMachineFailure : options.After(attempts)), exception.Message);
            isNews = (machineWide || attempts > options.SilentAttempts) && _logged.Add(item);
        }
        if (isNews)
            LogFailed(exception, kind, item);
    }

    public void Succeeded(string item)
    {
        bool wasLogged;
        lock (_lock)
            wasLogged = _failing.Remove(item) && _logged.Remove(item);
        if (wasLogged)
            LogRecovered(kind, item);
    }

    /// <summary>Forgets what is no longer there.</summary>
    public void KeepOnly(IReadOnlySet<string> items)
    {
        lock (_lock)
            foreach (var gone in _failing.Keys.Where(item => !items.Contains(item)).ToList())
                Remove(gone);
    }

    /// <summary>Forgets how one item failed.</summary>
    public void Forget(string item)
    {
        lock (_lock)
            Remove(item);
    }

    private void ForgetAbandoned()
    {
        var oldest = time.GetUtcNow() - AbandonedAfter;
        foreach (var (item, failing) in _failing)
            if (failing.RetryAt < oldest)
                Remove(item);
    }

    private void Remove(string item)
    {
        _failing.Remove(item);
        _logged.Remove(item);
    }

    [LoggerMessage(EventName = "ItemFailed", Level = LogLevel.Error, Message = "The {Kind} {Item} failed. It is retried; nothing else waits for it.")]
    private partial void LogFailed(Exception exception, string kind, string item);

    [LoggerMessage(EventName = "ItemRecovered", Level = LogLevel.Information, Message = "The {Kind} {Item} works again.")]
    private partial void LogRecovered(string kind, string item);
}
