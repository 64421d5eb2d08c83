using System.Net.WebSockets;
using System.Text.Json;

namespace Portico.RenderApi.Tests.Clients;

/// <summary>What Render's clients expect of logs and metrics beyond its OpenAPI document.</summary>
public sealed class ObservationTrapTests : ClientTest
{
    [Fact]
    public async Task Logs_come_with_the_times_of_the_next_page()
    {
        var world = await CreateWorldAsync();
        var logs = await ExpectAsync(200, "GET", $"/logs?ownerId={Workspace}&resource={world.Api}&resource={world.Worker}&direction=backward&limit=20&type=app&type=request");
        Assert.True(logs.GetProperty("hasMore").ValueKind is JsonValueKind.True or JsonValueKind.False);
        Assert.True(logs.GetProperty("nextStartTime").TryGetDateTimeOffset(out _));
        Assert.True(logs.GetProperty("nextEndTime").TryGetDateTimeOffset(out _));
        foreach (var log in logs.GetProperty("logs").EnumerateArray())
            Assert.All((string[])["id", "timestamp", "message", "labels"], name => Assert.True(log.TryGetProperty(name, out _)));
    }

    [Fact]
    public async Task A_subscription_is_a_websocket()
    {
        var world = await CreateWorldAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Server.Cast.Owner.Key}");
        var address = new UriBuilder(Server.Address) { Scheme = "ws", Path = "/v1/logs/subscribe", Query = $"ownerId={Workspace}&resource={world.Api}" };
        await socket.ConnectAsync(address.Uri, Token);
        Assert.Equal(WebSocketState.Open, socket.State);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
    }

    [Fact]
    public async Task A_subscription_without_a_key_is_refused()
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(Server.Address) { Scheme = "ws", Path = "/v1/logs/subscribe", Query = $"ownerId={Workspace}&resource=srv-00000000000000000000" };
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(address.Uri, Token));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Values_of_a_label_are_a_bare_array()
    {
        var world = await CreateWorldAsync();
        var values = await ExpectAsync(200, "GET", $"/logs/values?ownerId={Workspace}&resource={world.Api}&label=level");
        Assert.All(values.EnumerateArray(), value => Assert.Equal(JsonValueKind.String, value.ValueKind));
    }

    [Fact]
    public async Task A_log_stream_is_not_there_yet()
    {
        var world = await CreateWorldAsync();
        await ExpectAsync(404, "GET", $"/logs/streams/resource/{world.Api}");
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("memory")]
    [InlineData("instance-count")]
    [InlineData("http-requests")]
    public async Task Metrics_are_series_with_labels_a_unit_and_values(string metric)
    {
        var world = await CreateWorldAsync();
        foreach (var series in (await ExpectAsync(200, "GET", $"/metrics/{metric}?resource={world.Api}")).EnumerateArray())
        {
            Assert.NotEmpty(series.GetProperty("unit").GetString()!);
            Assert.All(series.GetProperty("labels").EnumerateArray(), label => Assert.NotEmpty(label.GetProperty("field").GetString()!));
            Assert.All(series.GetProperty("values").EnumerateArray(), value => Assert.True(value.GetProperty("timestamp").TryGetDateTimeOffset(out _)));
        }
    }
}
