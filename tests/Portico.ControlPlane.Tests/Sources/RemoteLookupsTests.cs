using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Tests.Sources;

public sealed class RemoteLookupsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_some_of_many_repositories_are_asked_at_the_same_time_and_each_once()
    {
        var (busy, most, asked) = (0, 0, 0);
        var full = new TaskCompletionSource();
        var answers = await RemoteLookups.AskAllAsync(Enumerable.Range(0, 400).Select(number => $"{number % 200}"), async (key, token) =>
        {
            Interlocked.Increment(ref asked);
            var now = Interlocked.Increment(ref busy);
            lock (full)
                most = Math.Max(most, now);
            if (now == RemoteLookups.MostAtOnce)
                full.TrySetResult();
            await full.Task.WaitAsync(token);
            Interlocked.Decrement(ref busy);
            return key;
        }, Token);

        Assert.Equal((200, 200, RemoteLookups.MostAtOnce), (asked, answers.Count, most));
        Assert.All(answers, answer => Assert.Equal(answer.Key, answer.Value));
    }

    [Fact]
    public async Task Those_that_never_answer_hold_up_the_others_for_a_limited_time()
    {
        var answers = await RemoteLookups.AskAllAsync(["quick", .. Enumerable.Range(0, 100).Select(number => $"silent {number}")], async (key, token) =>
        {
            await Task.Delay(key == "quick" ? TimeSpan.Zero : Timeout.InfiniteTimeSpan, token);
            return key;
        }, Token, most: TimeSpan.FromSeconds(1));

        Assert.Equal(["quick"], answers.Keys);
    }

    [Fact]
    public async Task A_caller_who_goes_away_is_no_missing_answer()
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RemoteLookups.AskAllAsync(["a"], async (key, token) =>
        {
            await gone.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return key;
        }, gone.Token));
    }
}
