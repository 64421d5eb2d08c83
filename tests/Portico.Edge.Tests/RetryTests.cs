using System.Net;
using Microsoft.AspNetCore.Http;
using Portico.Core.Routing;
using Portico.Edge.Tests.Harness;
using Portico.Testing;

namespace Portico.Edge.Tests;

public sealed class RetryTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_killed_under_load_costs_no_request()
    {
        await using var stays = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"), "srv-app-1");
        await using var dies = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"), "srv-app-2");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", stays.Route, dies.Route));
        using var client = edge.CreateClient();
        var done = 0;
        var load = Enumerable.Range(0, 16).Select(async _ =>
        {
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
                Interlocked.Increment(ref done);
            }
        }).ToArray();
        await Eventually.TrueAsync(() => Volatile.Read(ref done) > 500, "the load is running");
        await dies.DisposeAsync();
        await Task.WhenAll(load);
        Assert.Equal(3200, done);
    }

    [Fact]
    public async Task Snapshots_that_replace_the_instances_under_load_cost_no_request()
    {
        await using var edge = await RunningEdge.StartAsync();
        var current = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"), "srv-app-0");
        await edge.ServeAsync(current.Service());
        using var client = edge.CreateClient();
        using var stop = new CancellationTokenSource();
        var done = 0;
        var load = Enumerable.Range(0, 16).Select(async n =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var answer = n % 2 == 0
                    ? await client.GetAsync("http://app.localhost/", Cancelled)
                    : await client.PostAsync("http://app.localhost/", new StringContent("body"), Cancelled);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Interlocked.Increment(ref done);
            }
        }).ToArray();
        for (var i = 1; i <= 5; i++)
        {
            var old = current;
            var before = Volatile.Read(ref done);
            await Eventually.TrueAsync(() => Volatile.Read(ref done) > before + 100, "the load is running");
            current = await Upstream.StartAsync(context => context.Response.WriteAsync("ok"), $"srv-app-{i}");
            await edge.ServeAsync(current.Service());
            await Eventually.TrueAsync(async () => !(await edge.StatusAsync()).InFlight.ContainsKey(old.Id), "the old instance is drained");
            await old.DisposeAsync();
        }
        await stop.CancelAsync();
        await Task.WhenAll(load);
        await current.DisposeAsync();
    }

    [Fact]
    public async Task A_post_that_was_refused_goes_to_another_instance_with_its_body()
    {
        await using var upstream = await Upstream.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            await context.Response.WriteAsync(await reader.ReadToEndAsync());
        });
        var dead = FreePort.Find();
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", new RouteInstance("srv-app-dead", "127.0.0.1", dead), upstream.Route));
        using var client = edge.CreateClient();
        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.PostAsync("http://app.localhost/", new StringContent($"body {i}"), Cancelled);
            Assert.Equal($"body {i}", await answer.Content.ReadAsStringAsync(Cancelled));
        }
    }

    [Fact]
    public async Task A_get_is_sent_again_when_the_connection_breaks_before_an_answer()
    {
        await using var upstream = RawUpstream.Start(number => number == 1 ? null : Ok);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task An_instance_that_still_takes_connections_while_it_dies_costs_no_request()
    {
        var answer = new TaskCompletionSource();
        await using var lives = await Upstream.StartAsync(async context =>
        {
            if (context.Request.Path == "/slow")
                await answer.Task;
            await context.Response.WriteAsync("ok");
        }, "srv-app-lives");
        await using var dies = RawUpstream.Start(_ => null, "srv-app-dies");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", lives.Route));
        using var client = edge.CreateClient();
        // The one that lives is always the busier one.
        var slow = Enumerable.Range(0, 8).Select(_ => client.GetStringAsync("http://app.localhost/slow", Cancelled)).ToArray();
        await Eventually.TrueAsync(async () => (await edge.StatusAsync()).InFlight.GetValueOrDefault(lives.Id) == 8, "it is busy");
        await edge.ServeAsync(Routes.Live("app", lives.Route, dies.Route));
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
        using var post = await client.PostAsync("http://app.localhost/", new StringContent("body"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, post.StatusCode);
        answer.SetResult();
        await Task.WhenAll(slow);
        Assert.InRange(dies.Connections, 1, 2);
    }

    [Fact]
    public async Task A_long_request_survives_the_death_of_one_instance_after_another()
    {
        var time = new ShiftedTime();
        await using var upstream = RawUpstream.Start(number =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return number <= 5 ? null : Ok;
        });
        await using var edge = await RunningEdge.StartAsync(time, Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        Assert.Equal("ok", await client.GetStringAsync("http://app.localhost/", Cancelled));
        Assert.Equal(6, upstream.Connections);
    }

    [Fact]
    public async Task A_long_request_that_fells_its_instances_is_given_up_too()
    {
        var time = new ShiftedTime();
        await using var upstream = RawUpstream.Start(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return null;
        });
        await using var edge = await RunningEdge.StartAsync(time, Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(6, upstream.Connections);
    }

    [Fact]
    public async Task A_request_that_fells_its_instance_is_given_up_soon()
    {
        await using var upstream = RawUpstream.Start(_ => null);
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", upstream.Route));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.InRange(upstream.Connections, 2, 4);
    }

    [Fact]
    public async Task A_service_that_refuses_every_connection_ends_in_a_bad_gateway()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", new RouteInstance("srv-app-dead", "127.0.0.1", FreePort.Find())));
        using var client = edge.CreateClient();
        using var answer = await client.GetAsync("http://app.localhost/", Cancelled);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    [Fact]
    public async Task A_live_service_without_an_instance_holds_requests_until_one_is_ready()
    {
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app"));
        using var client = edge.CreateClient();
        var held = client.GetStringAsync("http://app.localhost/", Cancelled);
        await using var upstream = await Upstream.StartAsync(context => context.Response.WriteAsync("awake"));
        await edge.ServeAsync(upstream.Service());
        Assert.Equal("awake", await held);
    }

    [Fact]
    public async Task Requests_are_spread_over_the_instances()
    {
        await using var one = await Upstream.StartAsync(context => context.Response.WriteAsync("1"), "srv-app-1");
        await using var two = await Upstream.StartAsync(context => context.Response.WriteAsync("2"), "srv-app-2");
        await using var edge = await RunningEdge.StartAsync(Routes.Live("app", one.Route, two.Route));
        using var client = edge.CreateClient();
        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
            answers.Add(await client.GetStringAsync("http://app.localhost/", Cancelled));
        Assert.Equal(10, answers.Count(answer => answer == "1"));
    }
}
