using System.Collections.Concurrent;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Long, repeatable work beside the reconcilers: fetching a repository, laying out a site. Nothing is lost when the process
/// dies in the middle: the reconciler sees that the result is missing and starts it again.
/// </summary>
/// <remarks>
/// There are two kinds. Work of which the result is read is done once, and a failure stays until it is forgotten. Work that
/// must succeed is repeated with back-off for as long as somebody starts it. A failure of the machine (a full disk) is never a
/// result: both kinds are tried again.
/// </remarks>
internal sealed class BackgroundWork(Wakeups wakeups, RetriesFactory retries, TimeProvider time) : IAsyncDisposable
{
    /// <summary>What nobody has started for so long is wanted no more.</summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromMinutes(10);

    private readonly ItemRetries _retries = retries.Create("background work", "work");
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private readonly ConcurrentDictionary<string, string> _problems = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _repeated = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts the work unless it runs, has failed, or waits for the machine.</summary>
    /// <param name="work">Returns null, or why it cannot succeed, for a person.</param>
    public void Once(string key, Func<CancellationToken, Task<string?>> work)
    {
        if (!_problems.ContainsKey(key))
            Start(key, token => OnceAsync(key, work, token));
    }

    /// <summary>Why the work failed; null while it runs, or when it has not failed.</summary>
    public string? Problem(string key) => _problems.GetValueOrDefault(key);

    /// <summary>Forgets why the work failed, because nobody will ask any more.</summary>
    public void Forget(string key)
    {
        _problems.TryRemove(key, out _);
        _retries.Forget(key);
    }

    /// <summary>Starts the work unless it runs or waits for its next attempt.</summary>
    /// <param name="work">Throws when it has not succeeded.</param>
    public void Repeat(string key, Func<CancellationToken, Task> work)
    {
        ForgetAbandoned();
        _repeated[key] = time.GetUtcNow();
        Start(key, work);
    }

    /// <summary>Completes when nothing of what was started so far is under way.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_running.Values);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stopping.Dispose();
    }

    private void Start(string key, Func<CancellationToken, Task> work)
    {
        if (!_retries.IsDue(key))
            return;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(key, done.Task))
            _ = RunAsync(key, work, done);
    }

    private async Task RunAsync(string key, Func<CancellationToken, Task> work, TaskCompletionSource done)
    {
        try
        {
            await Task.Run(() => _retries.TryAsync(key, work, _stopping.Token), _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The process ends; whoever started the work finds that the result is missing.
        }
        finally
        {
            _running.TryRemove(key, out _);
            done.SetResult();
            wakeups.Signal();
        }
    }

    /// <summary>Whoever waits for the result must hear of a failure: a deploy would be held up for ever.</summary>
    private async Task OnceAsync(string key, Func<CancellationToken, Task<string?>> work, CancellationToken cancellationToken)
    {
        try
        {
            if (await work(cancellationToken) is { } problem)
                _problems[key] = problem;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (!RetriesFactory.IsMachineWide(exception))
        {
            _problems[key] = exception is OperationCanceledException ? "It took too long and was stopped." : exception.Message;
        }
    }

    private void ForgetAbandoned()
    {
        var oldest = time.GetUtcNow() - ForgottenAfter;
        foreach (var (key, at) in _repeated)
            if (at < oldest && _repeated.TryRemove(key, out _))
                _retries.Forget(key);
    }
}
