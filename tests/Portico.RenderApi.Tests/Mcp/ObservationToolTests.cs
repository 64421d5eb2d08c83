using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Platform;

namespace Portico.RenderApi.Tests.Mcp;

public sealed class ObservationToolTests : McpTest
{
    private static readonly string[] Both = ["instance_count", "memory_limit"];

    [Fact]
    public async Task Lines_are_found_by_their_labels()
    {
        await WriteAsync("ready", "ERROR no such book", "ERROR out of paper");

        var all = await LinesAsync(("direction", "forward"), ("type", new[] { "app" }));
        var errors = await LinesAsync(("level", new[] { "error" }), ("limit", 1));
        var paper = await LinesAsync(("text", new[] { "paper" }), ("type", new[] { "app" }));

        Assert.Equal(["ready", "ERROR no such book", "ERROR out of paper"], all.Where(line => !line!.StartsWith("==> ", StringComparison.Ordinal)));
        Assert.Equal(["ERROR out of paper"], errors);
        Assert.Equal(["ERROR out of paper"], paper);
    }

    [Fact]
    public async Task The_values_of_a_label_are_listed()
    {
        await WriteAsync("ready", "ERROR no such book");

        var values = await JsonAsync("list_log_label_values", ("resource", new[] { World.Worker }), ("label", "level"), Start);

        Assert.Equal(["error", "info"], values.EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task Metrics_come_by_their_types()
    {
        await Server.Services.GetRequiredService<MetricsSampling>().SampleAsync(0, Token);
        Server.Platform.Time.Advance(TimeSpan.FromSeconds(30));

        var metrics = await JsonAsync("get_metrics", ("resourceId", World.Api), ("metricTypes", Both), ("resolution", 60));

        Assert.Equal(World.Api, metrics.GetProperty("resourceId").GetString());
        Assert.Equal(Both, metrics.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetProperty("type").GetString()));
        Assert.Equal(2, metrics.GetProperty("metrics")[0].GetProperty("data")[0].GetProperty("values")[0].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_metric_that_there_is_not_is_refused() =>
        Assert.StartsWith("metricTypes: unknown metric 'colour'; use one of", (await CallAsync("get_metrics", ("resourceId", World.Api), ("metricTypes", new[] { "colour" }))).Text, StringComparison.Ordinal);

    private static (string, object) Start => ("startTime", "2026-01-01T00:00:00Z");

    private async Task<IReadOnlyList<string?>> LinesAsync(params (string, object)[] arguments)
    {
        var page = await JsonAsync("list_logs", [("resource", new[] { World.Worker }), Start, .. arguments]);
        return [.. page.GetProperty("logs").EnumerateArray().Select(line => line.GetProperty("message").GetString())];
    }

    private async Task WriteAsync(params string[] lines)
    {
        Server.Platform.World.Logs.Write(World.Worker, $"{World.Worker}-abcde", lines);
        await Server.Services.GetRequiredService<LogIngester>().PassAsync(Token);
    }
}
