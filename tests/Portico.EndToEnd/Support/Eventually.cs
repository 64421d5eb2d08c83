using System.Diagnostics;

namespace Portico.EndToEnd.Support;

internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not in time; the message says what was waited for.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan timeout, string what) =>
        NotNullAsync(async () => await condition() ? (object)true : null, timeout, what);

    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, TimeSpan timeout, string what) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await read() is { } value)
                return value;
            if (Stopwatch.GetElapsedTime(started) > timeout)
                throw new TimeoutException($"After {timeout.TotalSeconds} s still not: {what}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
