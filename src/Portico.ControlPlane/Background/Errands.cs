using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Portico.ControlPlane.Background;

/// <summary>
/// Long, repeatable work inside this process: fetching a repository, laying out a site. Nothing is lost when the
/// process dies in the middle; the reconciler sees that the result is missing and starts it again.
/// </summary>
public sealed partial class Errands(Wakeups wakeups, ILogger<Errands> logger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Task<string?>> _running = new();
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Starts the work unless it runs or has failed already.</summary>
    /// <param name="work">Returns null, or why it cannot succeed, for a person.</param>
    public void Start(string key, Func<CancellationToken, Task<string?>> work)
    {
        var source = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_running.TryAdd(key, source.Task))
            _ = RunAsync(key, work, source);
    }

    /// <summary>Why the work failed; null while it runs, or if it never failed.</summary>
    public string? Problem(string key) =>
        _running.TryGetValue(key, out var task) && task.IsCompletedSuccessfully ? task.Result : null;

    /// <summary>Completes when nothing of what was started so far is under way.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_running.Values);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running.Values);
        _stopping.Dispose();
    }

    private async Task RunAsync(string key, Func<CancellationToken, Task<string?>> work, TaskCompletionSource<string?> source)
    {
        var problem = await TryAsync(key, work);
        if (problem is null)
            _running.TryRemove(key, out _);
        source.SetResult(problem);
        wakeups.Signal();
    }

    private async Task<string?> TryAsync(string key, Func<CancellationToken, Task<string?>> work)
    {
        try
        {
            return await Task.Run(() => work(_stopping.Token), _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception exception)
        {
            // Whoever waits for this must hear of it: an errand that never ends holds its deploy up for ever.
            LogFailed(exception, key);
            return exception.Message;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Errand {Key} failed")]
    private partial void LogFailed(Exception exception, string key);
}
