using System.Net.Http.Json;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

public sealed class EverythingTests
{
    [Fact]
    public async Task A_job_goes_through_every_kind_of_service()
    {
        Programs.Require("git", "node", "npm", "python3", "psql");
        await using var platform = new TestPlatform();
        platform.CopyExample("everything");

        (await platform.UpAsync("--set", "GREETING=Hello, all!")).ShouldSucceed();

        var site = platform.UrlOf("everything-site");
        Assert.Contains(platform.UrlOf("everything-api"), await GetAsync(platform, site + "/app.js"), StringComparison.Ordinal);
        Assert.Contains("Hello, all!", await GetAsync(platform, platform.UrlOf("everything-api")), StringComparison.Ordinal);
        Assert.Equal(3, (await ScoreAsync(platform, "three small words")).GetProperty("words").GetInt32());
    }

    private static async Task<JsonElement> ScoreAsync(TestPlatform platform, string text)
    {
        var jobs = platform.UrlOf("everything-api") + "/jobs";
        using var created = await platform.Http.PostAsJsonAsync(jobs, new { text }, TestContext.Current.CancellationToken);
        var id = Parse(await created.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("id").GetString();
        var done = await Eventually.NotNullAsync(async () =>
        {
            var answer = await GetAsync(platform, $"{jobs}/{id}");
            return Parse(answer).GetProperty("status").GetString() == "done" ? answer : null;
        }, TimeSpan.FromSeconds(30), "the job is done");
        return Parse(done);
    }

    private static JsonElement Parse(string json) => JsonDocument.Parse(json).RootElement;

    private static Task<string> GetAsync(TestPlatform platform, string url) =>
        platform.Http.GetStringAsync(url, TestContext.Current.CancellationToken);
}
