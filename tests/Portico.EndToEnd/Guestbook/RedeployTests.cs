using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Guestbook;

[Collection(nameof(GuestbookCollection))]
public sealed class RedeployTests(GuestbookFixture guestbook)
{
    [Fact]
    public async Task One_changed_line_of_the_api_redeploys_the_api_alone_and_drops_no_request()
    {
        var platform = await guestbook.ReadyAsync();
        var before = await platform.StatusAsync();
        var load = GuestbookFixture.MixedLoad(platform);
        platform.Replace("api/server.js", "service: \"guestbook-api\"", "service: \"guestbook-api, changed\"");

        await load.RunAcrossAsync(async () => (await platform.UpAsync()).ShouldSucceed(), GuestbookFixture.Requests);

        load.ShouldHaveNoFailure();
        Assert.InRange(load.Answered, GuestbookFixture.Requests, long.MaxValue);
        var after = await platform.StatusAsync();
        Assert.NotEqual(before[GuestbookFixture.Api].Deploy!.Id, after[GuestbookFixture.Api].Deploy!.Id);
        Assert.Equal(before[GuestbookFixture.Web].Deploy, after[GuestbookFixture.Web].Deploy);
        Assert.Equal(before[GuestbookFixture.Database].ProcessIds, after[GuestbookFixture.Database].ProcessIds);
        var answer = await platform.Http.GetStringAsync(platform.UrlOf(GuestbookFixture.Api), TestContext.Current.CancellationToken);
        Assert.Contains("changed", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_drops_no_request()
    {
        var platform = await guestbook.ReadyAsync();
        var before = (await platform.StatusAsync())[GuestbookFixture.Api];
        var load = GuestbookFixture.MixedLoad(platform);

        await load.RunAcrossAsync(async () =>
        {
            (await platform.RunAsync("restart", GuestbookFixture.Api)).ShouldSucceed();
            await Eventually.TrueAsync(async () => !before.ProcessIds.Any(Signals.IsRunning), TimeSpan.FromSeconds(60), "the old instance is gone");
        }, GuestbookFixture.Requests / 2);

        load.ShouldHaveNoFailure();
        Assert.Equal(before.Deploy!.Commit, (await platform.StatusAsync())[GuestbookFixture.Api].Deploy!.Commit);
    }
}
