using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class SnapshotTests
{
    private static readonly ServiceRoute Shop = Routes.InState("shop", ServiceRouteState.Suspended);

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"version\":99}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[null],\"services\":[]}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[],\"services\":[null]}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[],\"services\":[{\"serviceId\":\"s\",\"name\":\"s\",\"hosts\":[\"a.b\"],\"state\":\"Live\",\"redirects\":[null]}]}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[],\"services\":[{\"serviceId\":\"s\",\"name\":\"s\",\"hosts\":[\"a.b\"],\"state\":\"Live\",\"allowedSources\":[\"10.0.0.0/33\"]}]}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[],\"services\":[{\"serviceId\":\"s\",\"name\":\"s\",\"hosts\":[\"a.b\"],\"state\":\"Live\",\"allowedSources\":[null]}]}")]
    [InlineData("{\"version\":99,\"serverSocket\":\"/s\",\"platformHosts\":[],\"services\":[{\"serviceId\":\"s\",\"name\":\"s\",\"hosts\":[\"a.b\"],\"state\":\"Live\",\"allowedSources\":\"10.0.0.0/8\"}]}")]
    public async Task A_bad_snapshot_is_refused_and_the_last_good_one_stays_also_across_a_restart(string bad)
    {
        await using var edge = await RunningEdge.StartAsync(Shop);
        edge.WriteText(bad);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Refused is not null, "the snapshot is refused");
        await AssertServesAsync(edge, version: 1);
        await edge.RestartAsync();
        await AssertServesAsync(edge, version: 1);
        Assert.NotNull((await edge.StatusAsync()).Refused);
        await edge.ServeAsync(Shop);
        Assert.Null((await edge.StatusAsync()).Refused);
    }

    [Fact]
    public async Task Every_error_of_a_snapshot_is_named_and_logged_once()
    {
        await using var edge = await RunningEdge.StartAsync(Shop);
        edge.Write(edge.Snapshot(
            Shop with { InternalPort = 70000 },
            Routes.Live("other", new RouteInstance("i", "not a host", 0))));
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Refused is not null, "the snapshot is refused");
        var refused = (await edge.StatusAsync()).Refused!;
        Assert.Contains("70000", refused, StringComparison.Ordinal);
        Assert.Contains("not a host", refused, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(edge.Options.SnapshotFile, DateTimeOffset.UnixEpoch.UtcDateTime);
        await edge.ServeAsync(Shop);
        Assert.Equal(1, edge.Log.Split("Refused ").Length - 1);
    }

    [Theory]
    [InlineData("bad host", "is not a lower-case host name")]
    [InlineData("UPPER.localhost", "is not a lower-case host name")]
    [InlineData("größe.example.com", "is not a lower-case host name")]
    [InlineData("", "is not a lower-case host name")]
    [InlineData("shop.localhost", "is listed twice")]
    [InlineData("localhost", "is listed twice")]
    public async Task A_bad_host_is_left_out_and_all_other_routes_are_served(string bad, string problem)
    {
        await using var edge = await RunningEdge.StartAsync(Shop);

        await edge.ServeAsync(Shop, Routes.Live("other") with { Hosts = [bad, "other.localhost"], Redirects = [new(bad, "other.localhost")], Wildcards = [$"*.{bad}"] });

        var status = await edge.StatusAsync();
        Assert.Null(status.Refused);
        Assert.Contains(status.Problems, text => text.Contains($"'{bad}' {problem}", StringComparison.Ordinal));
        await AssertServesAsync(edge, version: 2);
        await edge.RestartAsync();
        await AssertServesAsync(edge, version: 2);
    }

    [Fact]
    public async Task An_older_snapshot_is_refused()
    {
        await using var edge = await RunningEdge.StartAsync(Shop);
        var old = edge.Snapshot(Shop);
        await edge.ServeAsync(Shop);
        edge.Write(old);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).Refused is not null, "the snapshot is refused");
        Assert.Equal(3, (await edge.StatusAsync()).Version);
    }

    [Fact]
    public async Task A_snapshot_that_disappears_changes_nothing()
    {
        await using var edge = await RunningEdge.StartAsync(Shop);
        File.Delete(edge.Options.SnapshotFile);
        await edge.RestartAsync();
        await AssertServesAsync(edge, version: 1);
        Assert.Null((await edge.StatusAsync()).Refused);
    }

    [Fact]
    public async Task What_is_in_flight_is_counted_across_models_until_it_ends()
    {
        var release = new TaskCompletionSource();
        await using var old = await Upstream.StartAsync(async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("done");
        }, "srv-app-old");
        await using var @new = await Upstream.StartAsync(context => context.Response.WriteAsync("new"), "srv-app-new");
        await using var edge = await RunningEdge.StartAsync(old.Service());
        using var client = edge.CreateClient();
        var slow = client.GetStringAsync("http://app.localhost/", TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.GetValueOrDefault("srv-app-old") == 1, "one is in flight");
        await edge.ServeAsync(@new.Service());
        Assert.Equal("new", await client.GetStringAsync("http://app.localhost/", TestContext.Current.CancellationToken));
        Assert.Equal(1, (await edge.StatusAsync()).InFlight["srv-app-old"]);
        release.SetResult();
        Assert.Equal("done", await slow);
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.Count == 0, "none is in flight");
    }

    [Fact]
    public async Task The_admin_socket_is_for_its_owner_only()
    {
        await using var edge = await RunningEdge.StartAsync(Shop);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(edge.Options.AdminSocket));
        Assert.Equal(Environment.ProcessId, (await edge.StatusAsync()).ProcessId);
    }

    private static async Task AssertServesAsync(RunningEdge edge, long version)
    {
        using var client = edge.CreateClient();
        Assert.Equal(version, (await edge.StatusAsync()).Version);
        using var answer = await client.GetAsync("http://shop.localhost/", TestContext.Current.CancellationToken);
        Assert.Contains("suspended", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
