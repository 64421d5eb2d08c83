namespace Portico.Core.Deploys;

/// <summary>
/// When the deploy that follows from changes is created: a short while after the last change, so that the calls of one client
/// (settings, then variables, then secret files) become one deploy and none of them goes live alone.
/// </summary>
public static class ChangeDelay
{
    /// <summary>The time without another change after which the deploy is created.</summary>
    public static TimeSpan AfterLast { get; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest time from the first change, for a client that never stops changing something.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the deploy is due after a change at <paramref name="now"/>.</summary>
    /// <param name="first">When the first change was made that has not been deployed.</param>
    public static DateTimeOffset DueAt(DateTimeOffset first, DateTimeOffset now) =>
        now + AfterLast < first + Longest ? now + AfterLast : first + Longest;

    /// <summary>Returns how long to wait; zero when the deploy is due, also when the clock was set back after the change.</summary>
    public static TimeSpan UntilDue(DateTimeOffset dueAt, DateTimeOffset now) =>
        dueAt - now is var left && left > TimeSpan.Zero && left <= AfterLast ? left : TimeSpan.Zero;
}
