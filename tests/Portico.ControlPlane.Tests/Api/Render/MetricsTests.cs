using System.Net;
using System.Text.Json;
using Portico.ControlPlane.Metrics;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Metrics;
using Portico.Core.Access;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Api.Render;

public sealed class MetricsTests : IAsyncLifetime
{
    private const string Service = "srv-aaaaaaaaaaaaaaaaaaaa";
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _host.Platform.Time.GetUtcNow();

    private MetricsWriter Writer => _host.Platform.Get<MetricsWriter>();

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        db.Services.Add(new ServiceRow
        {
            Id = Service,
            WorkspaceId = _host.Platform.Workspace,
            Name = "web",
            Slug = "web",
            Type = ServiceType.WebService,
            Settings = new ServiceSettings { Runtime = "node", Scaling = new ScalingSettings(1, 3, 80, 50) },
            CreatedAt = Now,
            UpdatedAt = Now,
        });
        await db.SaveChangesAsync(Token);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Usage_is_told_per_instance_in_the_steps_and_the_time_that_are_asked_for()
    {
        Write(Gauge.Cpu, "a", -100, 0.5);
        Write(Gauge.Cpu, "b", -30, 0.25);
        Write(Gauge.Cpu, "b", -7000, 9);
        var series = await GetAsync("cpu?resolutionSeconds=30&instance=a,b");
        Assert.Equal(2, series.GetArrayLength());
        Assert.Equal("cpu", series[0].GetProperty("unit").GetString());
        Assert.Equal([("resource", Service), ("instance", "a")], Labels(series[0]));
        var value = Assert.Single(series[0].GetProperty("values").EnumerateArray());
        Assert.Equal(0.5, value.GetProperty("value").GetDouble());
        Assert.InRange(value.GetProperty("timestamp").GetDateTimeOffset(), Now.AddSeconds(-130), Now.AddSeconds(-100));
        Assert.Equal([0.25], Values(series[1]));
        Assert.Equal([9, 0.25], Values((await GetAsync("cpu?instance=b&startTime=" + Uri.EscapeDataString(Now.AddHours(-3).ToString("O"))))[0]));
    }

    [Fact]
    public async Task A_step_becomes_one_value_by_the_method_that_is_asked_for()
    {
        Write(Gauge.Memory, "a", -10, 10);
        Write(Gauge.Memory, "a", -10, 20);
        Assert.Equal([15], Values((await GetAsync("memory"))[0]));
        Assert.Equal([20], Values((await GetAsync("memory?aggregationMethod=MAX"))[0]));
        Assert.Equal([10], Values((await GetAsync("memory?aggregationMethod=MIN"))[0]));
    }

    [Fact]
    public async Task Targets_are_a_part_of_the_limit_where_the_service_scales_by_itself()
    {
        Write(Gauge.CpuLimit, "a", -10, 2);
        Write(Gauge.MemoryLimit, "a", -10, 1000);
        Assert.Equal([2], Values((await GetAsync("cpu-limit"))[0]));
        Assert.Equal([1], Values((await GetAsync("cpu-target"))[0]));
        Assert.Equal([800], Values((await GetAsync("memory-target"))[0]));
    }

    [Fact]
    public async Task Requests_latencies_and_bandwidth_come_from_what_the_edge_has_counted()
    {
        Record(MetricsHome.Series("/a", 200, "web.localhost", 1000, 2000, 3000, 100_000), MetricsHome.Series("/b", 503, "www.example.org", 500_000));
        Assert.Equal([5], Values((await GetAsync("http-requests"))[0]));
        var byCode = await GetAsync("http-requests?aggregateBy=statusCode");
        Assert.Equal([("resource", Service), ("statusCode", "200")], Labels(byCode[0]));
        Assert.Equal([("resource", Service), ("statusCode", "503")], Labels(byCode[1]));
        Assert.Equal([1], Values((await GetAsync("http-requests?host=www.example.org&aggregateBy=host"))[0]));
        Assert.Equal([4], Values((await GetAsync("http-requests?path=/a"))[0]));
        Assert.InRange(Assert.Single(Values((await GetAsync("http-latency?quantile=0.5&host=web.localhost"))[0])), 1.9, 2.1);
        Assert.InRange(Assert.Single(Values((await GetAsync("http-latency"))[0])), 480, 520);
        Assert.Equal([50], Values((await GetAsync("bandwidth"))[0]));
        var sources = (await GetAsync("bandwidth-sources")).GetProperty("data").EnumerateArray().ToDictionary(
            source => source.GetProperty("labels").GetProperty("trafficSource").GetString()!, source => Assert.Single(Values(source)));
        Assert.Equal(new Dictionary<string, double> { ["total"] = 50, ["http"] = 45, ["websocket"] = 5 }, sources);
    }

    [Fact]
    public async Task Filters_list_what_occurs()
    {
        Write(Gauge.Cpu, "a", -10, 1);
        Record(MetricsHome.Series("/a/1", 200, "web.localhost"), MetricsHome.Series("/b", 404, "www.example.org"));
        Assert.Equal("""[{"filter":"instance","values":["a"]}]""", (await GetAsync("filters/application")).GetRawText());
        Assert.Equal(
            """[{"filter":"host","values":["web.localhost","www.example.org"]},{"filter":"statusCode","values":["200","404"]}]""",
            (await GetAsync("filters/http")).GetRawText());
        Assert.Equal("""["/a/1"]""", (await GetAsync("filters/path?path=a/1")).GetRawText());
        Assert.Equal("""["/b"]""", (await GetAsync("filters/path?statusCode=404")).GetRawText());
    }

    [Theory]
    [InlineData("cpu?resolutionSeconds=0", "resolutionSeconds")]
    [InlineData("cpu?resolutionSeconds=-60", "resolutionSeconds")]
    [InlineData("cpu?resolutionSeconds=NaN", "resolutionSeconds")]
    [InlineData("cpu?resolutionSeconds=1e300", "resolutionSeconds")]
    [InlineData("cpu?resolutionSeconds=30&startTime=1999-01-01T00:00:00Z", "resolutionSeconds")]
    [InlineData("cpu?startTime=yesterday", "startTime")]
    [InlineData("cpu?startTime=0001-01-01T00:00:00Z", "startTime")]
    [InlineData("cpu?endTime=0001-01-01T00:00:00Z", "startTime")]
    [InlineData("cpu?startTime=2026-02-01T00:00:00Z&endTime=2026-01-01T00:00:00Z", "startTime")]
    [InlineData("cpu?aggregationMethod=SUM", "aggregationMethod")]
    [InlineData("http-requests?aggregateBy=path", "aggregateBy")]
    [InlineData("http-latency?quantile=95", "quantile")]
    [InlineData("http-latency?quantile=NaN", "quantile")]
    [InlineData("filters/http?statusCode=ok", "statusCode")]
    public async Task What_makes_no_sense_is_refused_by_name(string query, string parameter)
    {
        using var answer = await SendAsync(_host.Owner, query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith($"{parameter}: ", (await ApiHost.ErrorAsync(answer, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_is_needed()
    {
        using var answer = await _host.Owner.GetAsync(new Uri("/v1/metrics/cpu", UriKind.Relative), Token);
        Assert.StartsWith("resource: ", (await ApiHost.ErrorAsync(answer, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_of_other_workspaces_are_not_there()
    {
        Write(Gauge.Cpu, "a", -10, 1);
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);
        using var viewer = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        foreach (var metric in (string[])["cpu", "cpu-target", "http-requests", "bandwidth-sources", "filters/application"])
        {
            using var refused = await SendAsync(stranger, metric);
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            using var allowed = await SendAsync(viewer, metric);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }
    }

    [Fact]
    public async Task Nothing_measured_is_an_empty_list() => Assert.Equal(0, (await GetAsync("disk-usage")).GetArrayLength());

    private void Write(Gauge gauge, string instance, int second, double value) =>
        Writer.Write(Now.AddSeconds(second), [new GaugeSample(gauge, Service, instance, value)]);

    private void Record(params Core.Routing.TrafficSeries[] series) =>
        Writer.Write([MetricsHome.Record(Now.AddSeconds(-5), series) with { ServiceId = Service }], "test", default);

    private async Task<JsonElement> GetAsync(string query)
    {
        using var answer = await SendAsync(_host.Owner, query);
        var body = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        return JsonDocument.Parse(body).RootElement.Clone();
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string query) => client.GetAsync(
        new Uri($"/v1/metrics/{query}{(query.Contains('?', StringComparison.Ordinal) ? '&' : '?')}resource={Service}", UriKind.Relative), Token);

    private static IEnumerable<(string?, string?)> Labels(JsonElement series) => series.GetProperty("labels").EnumerateArray()
        .Select(label => (label.GetProperty("field").GetString(), label.GetProperty("value").GetString()));

    private static IEnumerable<double> Values(JsonElement series) =>
        series.GetProperty("values").EnumerateArray().Select(value => value.GetProperty("value").GetDouble());
}
