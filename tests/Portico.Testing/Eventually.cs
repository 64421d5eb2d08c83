using System.Diagnostics;

namespace Portico.Testing;

/// <summary>Waits for a state. The limit is generous, because the machine may be busy.</summary>
public static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">The condition did not become true.</exception>
    public static Task TrueAsync(Func<bool> condition, string what, Func<string>? state = null) =>
        TrueAsync(() => Task.FromResult(condition()), Limit, what, state);

    /// <exception cref="TimeoutException">The condition did not become true.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, Func<string>? state = null) =>
        TrueAsync(condition, Limit, what, state);

    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="state">What is there instead, for the message.</param>
    /// <exception cref="TimeoutException">The condition did not become true.</exception>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan timeout, string what, Func<string>? state = null)
    {
        try
        {
            await BecomesAsync(condition, static isTrue => isTrue, timeout, what);
        }
        catch (TimeoutException exception) when (state is not null)
        {
            throw new TimeoutException($"{exception.Message} {state()}", exception);
        }
    }

    /// <exception cref="TimeoutException">The value remained null.</exception>
    public static async Task<T> NotNullAsync<T>(Func<Task<T?>> read, TimeSpan timeout, string what) where T : class =>
        (await BecomesAsync(read, static value => value is not null, timeout, what))!;

    /// <summary>Reads until the value is the right one.</summary>
    /// <exception cref="TimeoutException">It did not become right; the message has the last value that was read.</exception>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> read, Func<T, bool> isRight, TimeSpan timeout, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (isRight(value))
                return value;
            if (Stopwatch.GetElapsedTime(started) > timeout)
                throw new TimeoutException($"Not within {timeout.TotalSeconds:0} s: {what}. Seen last: {value?.ToString() ?? "nothing"}.");
            await Task.Delay(Pause);
        }
    }
}
