using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Tests.Crash;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Conformance.Scenarios;

/// <summary>Lines that were written, page by page, by label, and live.</summary>
internal sealed class WrittenLogsScenario : IScenario
{
    private const string Worker = "worker";

    public async Task RunAsync(RenderClient render)
    {
        var (owner, service) = await SeedAsync(render);
        var query = $"ownerId={owner}&resource={service}&startTime=2026-01-01T00:00:00Z";
        await WriteAsync(render, service, Enumerable.Range(0, 250).Select(i => i % 10 == 0 ? $"ERROR {i}" : $"line {i}"));

        Assert.Equal("line 249", Messages(await render.SendAsync("list-logs", 200, query: query))[0]);
        Assert.Equal(["ERROR 240", "ERROR 230"], Messages(await render.SendAsync("list-logs", 200, query: $"{query}&level=error&limit=2")));
        Assert.Equal(["line 111"], Messages(await render.SendAsync("list-logs", 200, query: $"{query}&text=line%20111&type=app,build&direction=forward")));
        var large = await PagesAsync(render, query, 100);
        Assert.Equal(250, large.Distinct().Count());
        Assert.Equal(large, await PagesAsync(render, $"{query}", 1));
        Assert.Equal(["error", "info"], (await render.SendAsync("list-logs-values", 200, query: $"{query}&label=level")).EnumerateArray().Select(value => value.GetString()));
        await RefuseAsync(render, query, owner, service);
        await SubscribeAsync(render, query, service);
    }

    private static async Task RefuseAsync(RenderClient render, string query, string owner, string service)
    {
        foreach (var (wrong, says) in (IEnumerable<(string, string)>)
            [("limit=0", "limit: "), ("direction=up", "direction: "), ("endTime=2025-01-01T00:00:00Z", "endTime: "), ("text=%2F(%2F", "text: "), ("task=x", "task: ")])
            await render.RefuseAsync("list-logs", [400], says, query: $"{query}&{wrong}");
        await render.RefuseAsync("list-logs", [400], "startTime: ", query: $"ownerId={owner}&resource={service}&startTime=today");
        await render.RefuseAsync("list-logs", [404], "srv-00000000000000000000", query: $"ownerId={owner}&resource={service},srv-00000000000000000000");
        await render.RefuseAsync("list-logs", [404], "job-00000000000000000000", query: $"ownerId={owner}&resource=job-00000000000000000000");
        await render.RefuseAsync("subscribe-logs", [400], "websocket", query: query);
    }

    private static async Task SubscribeAsync(RenderClient render, string query, string service)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {render.Server.Cast.Owner.Key}");
        await socket.ConnectAsync(new Uri($"ws://{render.Server.Address.Authority}/v1/logs/subscribe?{query}&limit=100&direction=backward"), render.Token);
        Assert.Equal("ERROR 0", await ReceiveAsync(socket, render.Token));
        await WriteAsync(render, service, ["last"]);
        for (var i = 1; i < 250; i++)
            await ReceiveAsync(socket, render.Token);
        Assert.Equal("last", await ReceiveAsync(socket, render.Token));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, render.Token);
    }

    private static async Task<string?> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var frame = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
        Assert.True(frame is { EndOfMessage: true, MessageType: WebSocketMessageType.Text });
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.AsSpan(0, frame.Count))).RootElement.GetProperty("message").GetString();
    }

    private static async Task<(string Owner, string Service)> SeedAsync(RenderClient render)
    {
        var platform = render.Server.Platform;
        await platform.ApplyAsync(new ApplyBlueprint { Blueprint = SeedBlueprint.Text, Commit = UploadedSource.First }, render.Token);
        await using var db = await platform.OpenAsync(render.Token);
        return (platform.Workspace, db.Services.Single(row => row.Name == Worker).Id);
    }

    private static async Task WriteAsync(RenderClient render, string service, IEnumerable<string> lines)
    {
        render.Server.Platform.World.Logs.Write(service, $"{service}-abcde", lines);
        await render.Server.Services.GetRequiredService<LogIngester>().PassAsync(render.Token);
    }

    private static async Task<IReadOnlyList<string?>> PagesAsync(RenderClient render, string query, int limit)
    {
        var (lines, window) = (new List<string?>(), query);
        for (var page = 0; page < 300; page++)
        {
            var answer = await render.SendAsync("list-logs", 200, query: $"{window}&limit={limit}");
            lines.AddRange(Messages(answer));
            if (!answer.GetProperty("hasMore").GetBoolean())
                return lines;
            window = $"{query[..query.IndexOf("&startTime", StringComparison.Ordinal)]}&startTime={answer.GetProperty("nextStartTime")}&endTime={answer.GetProperty("nextEndTime")}";
        }
        throw new InvalidOperationException("The pages do not end.");
    }

    private static IReadOnlyList<string?> Messages(JsonElement page) => [.. page.GetProperty("logs").EnumerateArray().Select(line => line.GetProperty("message").GetString())];
}
