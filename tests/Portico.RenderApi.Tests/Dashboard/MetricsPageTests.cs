using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Metrics;
using Portico.Core.Access;
using Portico.Core.Routing;
using Portico.Core.Sleep;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>All charts of a service or data store in one answer, and why one of them is empty.</summary>
public sealed class MetricsPageTests : IAsyncLifetime
{
    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _server.Platform.Time.GetUtcNow();

    private MetricsWriter Writer => _server.Platform.Get<MetricsWriter>();

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
        // So that nothing is new, and all steps that the tests write have ended.
        _server.Platform.Time.Advance(TimeSpan.FromHours(3));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Requests_are_counted_by_class_of_status_and_steps_without_any_are_0()
    {
        Record(_world.Api, -9.75, Series(200, 1000, 2000), Series(204, 3000), Series(503, 900_000));
        Record(_world.Api, -5, Series(200, 1000));
        var page = await ReadAsync(_world.Api);
        Assert.Equal(("1h", 30, 120), (page.Range, page.StepSeconds, page.Steps));
        var requests = ChartOf(page, "requests");
        Assert.Equal(["2xx", "5xx"], requests.Lines.Select(line => line.Name));
        Assert.Equal([4, 1], requests.Lines.Select(line => line.Values.Sum()!.Value));
        Assert.All(page.Charts.SelectMany(chart => chart.Lines), line => Assert.Equal(page.Steps, line.Values.Count));
        Assert.DoesNotContain(null, requests.Lines[0].Values);
        // The step of its time has the value.
        Assert.Equal(3, requests.Lines[0].Values[(int)((Now.AddMinutes(-9.75) - page.From).TotalSeconds / page.StepSeconds)]);

        var latency = ChartOf(page, "latency").Lines;
        Assert.Equal(["p50", "p90", "p95", "p99"], latency.Select(line => line.Name));
        Assert.Equal(2, latency[0].Values.Count(value => value is not null));
        Assert.InRange(latency[3].Values.Max()!.Value, 850, 950);
        Assert.Equal(50, ChartOf(page, "bandwidth").Lines.Single().Values.Sum());
    }

    [Fact]
    public async Task Usage_is_the_average_and_the_highest_of_the_instances_with_the_limit()
    {
        Write(_world.Api, Gauge.Cpu, "a", -600, 0.25);
        Write(_world.Api, Gauge.Cpu, "b", -600, 0.75);
        Write(_world.Api, Gauge.CpuLimit, "a", -600, 1);
        Write(_world.Worker, Gauge.Memory, "c", -600, 1000);
        var cpu = ChartOf(await ReadAsync(_world.Api), "cpu").Lines;
        Assert.Equal([("average", 0.5), ("highest", 0.75), ("limit", 1)], cpu.Select(line => (line.Name, line.Values.Max()!.Value)));
        // One line is enough for one instance.
        Assert.Equal([("used", 1000)], ChartOf(await ReadAsync(_world.Worker), "memory").Lines.Select(line => (line.Name, line.Values.Max()!.Value)));
    }

    [Fact]
    public async Task What_is_measured_rarely_stands_until_the_next_value()
    {
        Write(_world.Database, Gauge.ActiveConnections, "", -600, 7);
        Write(_world.Database, Gauge.DiskUsage, "", -600, 50);
        Write(_world.Database, Gauge.DiskCapacity, "", -600, 100);
        var page = await ReadAsync(_world.Database);
        Assert.Equal(["cpu", "memory", "instances", "connections", "disk"], page.Charts.Select(chart => chart.Name));
        Assert.Equal(5, ChartOf(page, "connections").Lines.Single().Values.Count(value => value == 7));
        Assert.Equal(["used", "limit"], ChartOf(page, "disk").Lines.Select(line => line.Name));
        Assert.Equal(["cpu", "memory", "instances", "connections"], (await ReadAsync(_world.Cache)).Charts.Select(chart => chart.Name));
    }

    [Theory]
    [InlineData("6h", 120, 180)]
    [InlineData("1d", 600, 144)]
    [InlineData("7d", 1800, 336)]
    public async Task Longer_ranges_have_longer_steps(string range, int step, int steps)
    {
        Record(_world.Site, -120, Series(200, 1000));
        var page = await ReadAsync(_world.Site, range);
        Assert.Equal((range, step, steps), (page.Range, page.StepSeconds, page.Steps));
        Assert.Equal(1, ChartOf(page, "requests").Lines.Single().Values.Sum());
        Assert.Equal(["requests", "latency", "bandwidth"], page.Charts.Select(chart => chart.Name));
        Assert.True(page.From.AddSeconds(step * steps) <= Now);
    }

    [Fact]
    public async Task A_chart_without_values_says_why()
    {
        Assert.Equal("There were no requests in this time.", ChartOf(await ReadAsync(_world.Api), "requests").Empty);
        await using (var db = await _server.Platform.OpenAsync(Token))
            await db.Services.Where(row => row.Id == _world.Api).ExecuteUpdateAsync(set => set.SetProperty(row => row.Sleep, SleepState.Asleep), Token);
        Assert.StartsWith("It is asleep", ChartOf(await ReadAsync(_world.Api), "cpu").Empty, StringComparison.Ordinal);
        await using (var db = await _server.Platform.OpenAsync(Token))
            await db.Services.Where(row => row.Id == _world.Api).ExecuteUpdateAsync(set => set.SetProperty(row => row.Suspended, true), Token);
        Assert.StartsWith("It is suspended", ChartOf(await ReadAsync(_world.Api), "requests").Empty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploys_and_restarts_are_marked()
    {
        await using var db = await _server.Platform.OpenAsync(Token);
        var deploy = await db.Deploys.SingleAsync(row => row.ServiceId == _world.Api, Token);
        var page = await ReadAsync(_world.Api, "6h");
        var mark = Assert.Single(page.Marks, mark => mark.DeployId is not null);
        Assert.Equal(("deploy", deploy.Id, deploy.FinishedAt), (mark.Kind, mark.DeployId, mark.At));
        Assert.Empty((await ReadAsync(_world.Api)).Marks);
    }

    [Theory]
    [InlineData("", "resource: ")]
    [InlineData("?resource=srv-x&range=2h", "range: ")]
    public async Task What_makes_no_sense_is_refused_by_name(string query, string parameter)
    {
        using var answer = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/portico/v1/metrics/page{query}"), _server.Cast.Owner, Token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith(parameter, (await answer.Content.ReadFromJsonAsync(PlatformJson.Default.ApiError, Token))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_of_other_workspaces_are_not_there()
    {
        foreach (var id in (string[])[_world.Api, _world.Database])
        {
            using var stranger = await SendAsync(id, "1h", _server.Cast.Foreigner);
            Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
            using var viewer = await SendAsync(id, "1h", _server.Cast.Members[Role.Viewer]);
            Assert.Equal(HttpStatusCode.OK, viewer.StatusCode);
        }
    }

    private void Write(string resource, Gauge gauge, string instance, int second, double value) =>
        Writer.Write(Now.AddSeconds(second), [new GaugeSample(gauge, resource, instance, value)]);

    private void Record(string service, double minute, params TrafficSeries[] series) =>
        Writer.Write([new TrafficRecord(service, Now.AddMinutes(minute), Now.AddMinutes(minute), 0, series)], "test", default);

    private static TrafficSeries Series(int status, params long[] microseconds)
    {
        var latency = new LatencyHistogram();
        foreach (var duration in microseconds)
            latency.Record(duration);
        return new TrafficSeries
        {
            Host = "api.localhost",
            Path = $"/{status}",
            Method = "GET",
            Status = status,
            Count = latency.Count,
            BytesIn = latency.Count,
            BytesOut = 10 * latency.Count,
            Latency = latency.ToPairs(),
        };
    }

    private static MetricsChart ChartOf(MetricsPage page, string name) => page.Charts.Single(chart => chart.Name == name);

    private async Task<MetricsPage> ReadAsync(string resource, string range = "1h")
    {
        using var response = await SendAsync(resource, range, _server.Cast.Owner);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.MetricsPage, Token))!;
    }

    private Task<HttpResponseMessage> SendAsync(string resource, string range, Someone by) =>
        _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/portico/v1/metrics/page?resource={resource}&range={range}"), by, Token);
}
