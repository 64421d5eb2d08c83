namespace Portico.Cli.Tests.Support;

internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    public static async Task UntilAsync(Func<bool> condition, Func<string>? state = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, "It did not happen in time. " + state?.Invoke());
            await Task.Delay(Poll, TestContext.Current.CancellationToken);
        }
    }
}
