using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>
/// An app whose code has a fixed port instead of <c>PORT</c>. Several of its instances run at a time whenever it is deployed, restarted
/// or scaled. If <c>PORTICO_CRASH_CALLS</c> is <c>all</c>, this is done more often.
/// </summary>
public sealed class FixedPortTests
{
    private const int Requests = 4_000;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly int Deploys = TestExtent.IsFull ? 20 : 3, Restarts = TestExtent.IsFull ? 5 : 1;

    [Fact]
    public async Task Deploys_restarts_and_scaling_drop_no_request()
    {
        Programs.Require("git", "node");
        PrivateNetwork.Require();
        await using var platform = HelloApp.Create();
        platform.Replace("server.js", "process.env.PORT", "3000");
        // Long enough that every instance that is stopped too early has requests to answer, and that something is left of the processor.
        platform.Replace("server.js", "response.end(\"hello\")", "setTimeout(() => response.end(\"hello\"), 50)");
        (await platform.UpAsync()).ShouldSucceed();
        // Every second one is not repeated by the edge when an instance has begun to receive it.
        var load = new LoadGenerator(platform.Http, number => new HttpRequestMessage(number % 2 == 0 ? HttpMethod.Get : HttpMethod.Post, platform.UrlOf(HelloApp.Name)));

        await load.RunAcrossAsync(async () =>
        {
            for (var deploy = 1; deploy <= Deploys; deploy++)
                await DeployAsync(platform, deploy);
            for (var restart = 1; restart <= Restarts; restart++)
                await RestartAsync(platform);
            await ScaleAsync(platform, 3);
            await ScaleAsync(platform, 1);
        }, Requests);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Deploys} deploys, {Restarts} restarts, 1 → 3 → 1: {load.Answered} requests, {load.Failures.Count} failed");
        load.ShouldHaveNoFailure();
        Assert.Equal($"version {Deploys}", await HelloApp.AskAsync(platform));
    }

    private static async Task DeployAsync(TestPlatform platform, int version)
    {
        platform.Replace("server.js", version == 1 ? "\"hello\"" : $"\"version {version - 1}\"", $"\"version {version}\"");
        (await platform.UpAsync()).ShouldSucceed();
    }

    private static async Task RestartAsync(TestPlatform platform)
    {
        var before = await ReadyAsync(platform, 1);
        (await platform.RunAsync("restart", HelloApp.Name)).ShouldSucceed();
        await Eventually.TrueAsync(async () => !(await ReadyAsync(platform, 1)).Intersect(before).Any(), Soon, "another instance runs");
    }

    private static async Task ScaleAsync(TestPlatform platform, int instances)
    {
        (await platform.RunAsync("scale", HelloApp.Name, $"{instances}")).ShouldSucceed();
        await ReadyAsync(platform, instances);
    }

    /// <summary>Waits until there are exactly this many instances, and all of them are ready.</summary>
    private static Task<string[]> ReadyAsync(TestPlatform platform, int count) => Eventually.NotNullAsync(async () =>
    {
        var instances = (await platform.ServerStatusAsync())?.Resources.Single(resource => resource.Name == HelloApp.Name).Instances ?? [];
        return instances.Count == count && instances.All(instance => instance.Status == "ready") ? instances.Select(instance => instance.Id).ToArray() : null;
    }, Soon, $"{count} instances are ready, and no other is left");
}
