namespace Portico.ControlPlane.Background;

/// <summary>Lets a sweep happen once in an interval, and again soon after it failed.</summary>
internal sealed class SweepInterval(TimeSpan interval, TimeProvider time)
{
    private DateTimeOffset _next;

    /// <returns>When to look again.</returns>
    public async Task<TimeSpan?> RunAsync(Func<Task> sweep)
    {
        var now = time.GetUtcNow();
        if (now < _next)
            return _next - now;
        await sweep();
        _next = now + interval;
        return interval;
    }
}
