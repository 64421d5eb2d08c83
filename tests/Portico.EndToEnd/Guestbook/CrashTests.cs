using System.Diagnostics;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd.Guestbook;

/// <summary><c>kill -9</c> of every part, under load.</summary>
[Collection(nameof(GuestbookCollection))]
public sealed class CrashTests(GuestbookFixture guestbook)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Killing_the_server_drops_no_request_and_its_successor_adopts_what_runs()
    {
        var platform = await guestbook.ReadyAsync();
        var before = await platform.StatusAsync();
        var server = (await platform.ServerStatusAsync())!.ServerProcessId;
        var load = GuestbookFixture.MixedLoad(platform);

        await load.RunAcrossAsync(async () =>
        {
            Signals.Kill(server);
            await Eventually.TrueAsync(async () => await platform.ServerStatusAsync() is { } status && status.ServerProcessId != server, Soon, "the server is back");
        }, GuestbookFixture.Requests);

        load.ShouldHaveNoFailure();
        var after = await platform.StatusAsync();
        Assert.All(before.Values, resource => Assert.Equal(resource.ProcessIds, after[resource.Name].ProcessIds));
        Assert.All(before.Values, resource => Assert.Equal(resource.Deploy, after[resource.Name].Deploy));
    }

    [Fact]
    public async Task Killing_the_only_instance_twice_drops_no_request_that_may_be_repeated()
    {
        var platform = await guestbook.ReadyAsync();
        // An instance that other tests killed within the last minute would wait for longer than requests are held.
        var before = (await ReadyInstancesAsync(platform, 1))[0];
        (await platform.RunAsync("restart", GuestbookFixture.Api)).ShouldSucceed();
        await Eventually.TrueAsync(async () => !(await ReadyInstancesAsync(platform, 1)).Contains(before), Soon, "a new instance is ready");
        var load = new LoadGenerator(platform.Http, _ => GuestbookFixture.ReadEntries(platform));

        await load.RunAcrossAsync(async () =>
        {
            // The second time it waits for a second before it is started again.
            for (var kill = 0; kill < 2; kill++)
            {
                var victim = (await ReadyInstancesAsync(platform, 1))[0];
                Signals.Kill(victim);
                await Eventually.TrueAsync(async () => !(await ReadyInstancesAsync(platform, 1)).Contains(victim), Soon, "another instance is ready");
            }
        }, GuestbookFixture.Requests / 2);

        load.ShouldHaveNoFailure();
    }

    [Fact]
    public async Task Killing_one_of_two_instances_drops_no_request()
    {
        var platform = await guestbook.ReadyAsync();
        platform.Replace("render.yaml", "numInstances: 1", "numInstances: 2");
        (await platform.UpAsync()).ShouldSucceed();
        try
        {
            var victim = (await ReadyInstancesAsync(platform, 2))[0];
            // Reading only: nobody can know whether a killed process has carried out what it was told.
            var load = new LoadGenerator(platform.Http, _ => GuestbookFixture.ReadEntries(platform));

            await load.RunAcrossAsync(async () =>
            {
                Signals.Kill(victim);
                await Eventually.TrueAsync(async () => !(await ReadyInstancesAsync(platform, 2)).Contains(victim), Soon, "two other instances are ready");
            }, GuestbookFixture.Requests);

            load.ShouldHaveNoFailure();
        }
        finally
        {
            platform.Replace("render.yaml", "numInstances: 2", "numInstances: 1");
            await platform.UpAsync();
            await ReadyInstancesAsync(platform, 1);
        }
    }

    [Fact]
    public async Task Killing_PostgreSQL_drops_no_request_and_loses_no_committed_row()
    {
        var platform = await guestbook.ReadyAsync();
        var postmaster = (await platform.StatusAsync())[GuestbookFixture.Database].ProcessIds.Single();
        var load = GuestbookFixture.MixedLoad(platform);

        await load.RunAcrossAsync(async () =>
        {
            Signals.Kill(postmaster);
            await Eventually.TrueAsync(async () => (await ReadyDatabaseAsync(platform)) is { } now && now != $"{postmaster}", Soon, "the database is back");
        }, GuestbookFixture.Requests);

        load.ShouldHaveNoFailure();
        var rows = (await platform.RunAsync("psql", GuestbookFixture.Database, "--", "-At", "-c", "SELECT id FROM entries")).ShouldSucceed().Output.Split('\n').ToHashSet();
        Assert.NotEmpty(load.Created);
        Assert.All(load.Created, entry => Assert.Contains(JsonDocument.Parse(entry).RootElement.GetProperty("id").GetString()!, rows));
    }

    [Fact]
    public async Task Killing_the_edge_is_repaired_within_two_seconds()
    {
        var platform = await guestbook.ReadyAsync();
        var edge = (await platform.ServerStatusAsync())!.EdgeProcessId!.Value;

        var load = new LoadGenerator(platform.Http, _ => GuestbookFixture.ReadEntries(platform));
        var repairedAfter = TimeSpan.MaxValue;
        await load.RunAcrossAsync(async () =>
        {
            Signals.Kill(edge);
            var started = Stopwatch.GetTimestamp();
            await Eventually.TrueAsync(() => AnswersAsync(platform), Soon, "the edge answers again");
            repairedAfter = Stopwatch.GetElapsedTime(started);
        }, GuestbookFixture.Requests / 10);

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"The edge was back after {repairedAfter.TotalMilliseconds:0} ms; {load.Failures.Count} of {load.Answered + load.Failures.Count} requests failed.");
        Assert.InRange(repairedAfter, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(async () => await platform.ServerStatusAsync() is { EdgeProcessId: { } now } && now != edge, Soon, "the server knows the new edge");
    }

    private static async Task<bool> AnswersAsync(TestPlatform platform)
    {
        try
        {
            // Not the API's address: the load holds all connections that the client may have there.
            using var response = await platform.Http.GetAsync(platform.UrlOf(GuestbookFixture.Web), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<int[]> ReadyInstancesAsync(TestPlatform platform, int count) =>
        Eventually.NotNullAsync(async () =>
        {
            var api = (await platform.ServerStatusAsync())?.Resources.Single(resource => resource.Name == GuestbookFixture.Api);
            var ready = api?.Instances.Where(instance => instance.Status == "ready").Select(instance => instance.Pid ?? 0).ToArray();
            return ready?.Length == count ? ready : null;
        }, Soon, $"{count} instances are ready");

    private static async Task<string?> ReadyDatabaseAsync(TestPlatform platform)
    {
        var database = (await platform.ServerStatusAsync())?.Resources.Single(resource => resource.Name == GuestbookFixture.Database);
        return database?.Instances.SingleOrDefault(instance => instance.Status == "ready")?.Pid?.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
