using System.Collections.Concurrent;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Runs long, repeatable work beside the reconcilers, such as fetching a repository or publishing a site. Nothing is lost when
/// the process dies in the middle: the reconciler sees that the result is missing and starts the work again.
/// </summary>
/// <remarks>
/// There are two kinds. Work whose result is read runs once, and its failure is kept until it is forgotten. Work that must
/// succeed is repeated with back-off for as long as a reconciler starts it. A failure of the machine, such as a full disk, is
/// never a result: both kinds are retried.
/// </remarks>
internal sealed class BackgroundWork(Wakeups wakeups, RetriesFactory retries, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Work that has not been started again for this long is no longer wanted.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    private readonly ItemRetries _retries = retries.Create("background work", "work");
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private readonly ConcurrentDictionary<string, (string Message, DateTimeOffset ReadAt)> _problems = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _repeated = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts the work unless it runs, has failed, or waits for the machine.</summary>
    /// <param name="work">Returns null, or the reason why it cannot succeed, as a message for people.</param>
    public void Once(string key, Func<CancellationToken, Task<string?>> work)
    {
        ForgetAbandoned();
        if (!_problems.ContainsKey(key))
            Start(key, token => OnceAsync(key, work, token));
    }

    /// <summary>Returns why the work failed, or null. A problem that is not read for a while is forgotten.</summary>
    public string? Problem(string key)
    {
        if (!_problems.TryGetValue(key, out var problem))
            return null;
        _problems.TryUpdate(key, problem with { ReadAt = time.GetUtcNow() }, problem);
        return problem.Message;
    }

    /// <summary>Forgets how the work failed. Call it when the result is no longer needed.</summary>
    public void Forget(string key)
    {
        _problems.TryRemove(key, out _);
        _retries.Forget(key);
    }

    /// <summary>Starts the work unless it runs or waits for its next attempt.</summary>
    /// <param name="work">Throws when it has not succeeded.</param>
    /// <returns>Whether it runs now; false while it waits.</returns>
    public bool Repeat(string key, Func<CancellationToken, Task> work)
    {
        ForgetAbandoned();
        _repeated[key] = time.GetUtcNow();
        return Start(key, work);
    }

    /// <summary>Completes when all work that was started so far has ended.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_running.Values);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stopping.Dispose();
    }

    private bool Start(string key, Func<CancellationToken, Task> work)
    {
        if (!_retries.IsDue(key))
            return false;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(key, done.Task))
            _ = RunAsync(key, work, done);
        return true;
    }

    private async Task RunAsync(string key, Func<CancellationToken, Task> work, TaskCompletionSource done)
    {
        try
        {
            await Task.Run(() => _retries.TryAsync(key, work, _stopping.Token), _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends. The reconciler that started the work finds that the result is missing.
        }
        finally
        {
            _running.TryRemove(key, out _);
            done.SetResult();
            wakeups.Signal();
        }
    }

    /// <summary>Keeps the failure for the reconciler that waits for the result; otherwise its deploy would wait forever.</summary>
    private async Task OnceAsync(string key, Func<CancellationToken, Task<string?>> work, CancellationToken cancellationToken)
    {
        try
        {
            if (await work(cancellationToken) is { } problem)
                _problems[key] = (problem, time.GetUtcNow());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (!RetriesFactory.IsMachineWide(exception))
        {
            _problems[key] = (exception is OperationCanceledException ? "It took too long and was stopped." : exception.Message, time.GetUtcNow());
        }
    }

    private void ForgetAbandoned()
    {
        var oldest = time.GetUtcNow() - ForgottenAfter;
        foreach (var (key, at) in _repeated)
            if (at < oldest && _repeated.TryRemove(key, out _))
                _retries.Forget(key);
        foreach (var (key, problem) in _problems)
            if (problem.ReadAt < oldest)
                _problems.TryRemove(KeyValuePair.Create(key, problem));
    }
}
