using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.Tests.Api.Render;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>Logs in pages of both directions, counted over time, followed, and as a file.</summary>
public sealed class LogExplorerTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _service = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Query => $"ownerId={_host.Platform.Workspace}&resource={_service}&type=app";

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await using (var db = await _host.Platform.OpenAsync(Token))
            _service = db.Services.Single(row => row.Name == "worker").Id;
        await _host.Get<LogLoop>().StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.Get<LogLoop>().StopAsync(CancellationToken.None);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Pages_in_both_directions_have_every_line_once_and_each_set_of_labels_once()
    {
        Write("a", [.. Enumerable.Range(0, 25).Select(i => $"line {i}")]);
        var newest = await LinesAsync("&limit=10");
        Assert.Equal(Texts(15, 25), Texts(newest));
        Assert.Single(newest.Labels);
        Assert.True(newest.HasOlder);
        Assert.False(newest.HasNewer);

        var older = await LinesAsync($"&limit=10&before={newest.From}");
        var oldest = await LinesAsync($"&limit=10&before={older.From}");
        Assert.Equal(Texts(0, 15), [.. Texts(oldest), .. Texts(older)]);
        Assert.False(oldest.HasOlder);
        var newer = await LinesAsync($"&limit=1000&after={oldest.To}");
        Assert.Equal(Texts(5, 25), Texts(newer));
        Assert.False(newer.HasNewer);
        Assert.Empty((await LinesAsync($"&after={newer.To}")).Lines);

        var around = await LinesAsync($"&limit=4&around={newer.Lines[5].Id}");
        Assert.Equal(Texts(8, 12), Texts(around));
        Assert.True(around is { HasOlder: true, HasNewer: true });
    }

    [Fact]
    public async Task Without_a_resource_it_is_the_whole_workspace_and_others_find_nothing()
    {
        Write("a", "secret");
        var all = await ReadAsync<LogLines>($"/portico/v1/logs/lines?ownerId={_host.Platform.Workspace}&text=secret");
        Assert.Equal(["secret"], Texts(all));
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);
        using var billing = await _host.MemberAsync(Role.Billing, _host.Platform.Workspace, Token);
        foreach (var path in (string[])["lines", "histogram", "follow", "download"])
        {
            await stranger.RefusedAsync(HttpMethod.Get, $"/portico/v1/logs/{path}?{Query}", null, HttpStatusCode.NotFound);
            await billing.RefusedAsync(HttpMethod.Get, $"/portico/v1/logs/{path}?{Query}", null, HttpStatusCode.Forbidden);
            var own = (await stranger.GetJsonAsync("/v1/owners"))[0].GetProperty("owner").GetProperty("id").GetString();
            if (path == "lines")
                Assert.Empty((await stranger.GetJsonAsync($"/portico/v1/logs/lines?ownerId={own}")).GetProperty("lines").EnumerateArray());
        }
    }

    [Theory]
    [InlineData("lines", "&limit=1001", "limit: must be a whole number from 1 to 1000.")]
    [InlineData("lines", "&before=1&after=2", "after: can't be combined with before.")]
    [InlineData("lines", "&around=yesterday", "around: must be the id of a line.")]
    [InlineData("lines", "&text=/(/", "text: a value has an invalid regular expression")]
    [InlineData("histogram", "&startTime=soon", "startTime: 'soon' is not a valid time")]
    [InlineData("follow", "", "Connection: this endpoint is a websocket.")]
    public async Task A_wrong_parameter_is_named(string path, string more, string message) =>
        Assert.StartsWith(message, await _host.Owner.RefusedAsync(HttpMethod.Get, $"/portico/v1/logs/{path}?{Query}{more}", null), StringComparison.Ordinal);

    [Theory]
    [InlineData("", 5, 2)]
    [InlineData("&text=three", 1, 0)]
    [InlineData("&level=error", 0, 2)]
    public async Task A_histogram_counts_every_line_that_matches(string more, int infos, int errors)
    {
        Write("a", "one", "two", "three", "ERROR four", "ERROR five", "six", "seven");
        await LinesAsync("");
        var counts = await ReadAsync<LogHistogram>($"/portico/v1/logs/histogram?{Query}{more}&startTime=2025-12-31T00:00:00Z");
        Assert.Equal(infos, Sum(counts, "info"));
        Assert.Equal(errors, Sum(counts, "error"));
        Assert.Equal(counts.From, counts.SearchedFrom);
        Assert.All(counts.Levels.Values, level => Assert.Equal(120, level.Count));
    }

    [Fact]
    public async Task A_download_has_every_line_that_was_written_before_it()
    {
        Write("a", [.. Enumerable.Range(0, 20_000).Select(i => $"line {i}")]);
        var text = await _host.Owner.GetStringAsync(new Uri($"/portico/v1/logs/download?{Query}", UriKind.Relative), Token);
        var lines = text.TrimEnd().Split('\n');
        Assert.Equal(20_000, lines.Length);
        Assert.EndsWith($"info    [{_service}-a] line 19999", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Following_from_a_line_has_what_comes_after_it_and_each_line_once()
    {
        Write("a", "one", "two");
        var seen = await LinesAsync("");
        Write("a", "three");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", _host.Owner.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri($"ws://{_host.Owner.BaseAddress!.Authority}/portico/v1/logs/follow?{Query}&after={seen.Lines[^1].Id}"), Token);
        Assert.Equal(["three"], Texts(await ReceiveAsync(socket)));
        Write("b", "four", "five");
        var received = new List<string>();
        while (received.Count < 2)
            received.AddRange(Texts(await ReceiveAsync(socket)));
        Assert.Equal(["four", "five"], received);
    }

    private static IEnumerable<string> Texts(int from, int to) => Enumerable.Range(from, to - from).Select(i => $"line {i}");

    private static IEnumerable<string> Texts(LogLines page) => page.Lines.Select(line => line.Message);

    private static int Sum(LogHistogram counts, string level) => counts.Levels.TryGetValue(level, out var parts) ? parts.Sum() : 0;

    private void Write(string instance, params string[] lines) => _host.Platform.World.Logs.Write(_service, $"{_service}-{instance}", lines);

    private Task<LogLines> LinesAsync(string more) => ReadAsync<LogLines>($"/portico/v1/logs/lines?{Query}{more}");

    private async Task<T> ReadAsync<T>(string path) =>
        (T)JsonSerializer.Deserialize(await _host.Owner.GetStringAsync(new Uri(path, UriKind.Relative), Token), typeof(T), PlatformJson.Default)!;

    private async Task<LogLines> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[64 * 1024];
        var receiving = socket.ReceiveAsync(buffer.AsMemory(), Token).AsTask();
        // The server looks again after a pause of its own clock, which this moves.
        while (!receiving.IsCompleted)
        {
            _host.Platform.Time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(receiving, Task.Delay(5, Token));
        }
        var frame = await receiving;
        Assert.True(frame is { EndOfMessage: true, MessageType: WebSocketMessageType.Text });
        return JsonSerializer.Deserialize(buffer.AsSpan(0, frame.Count), PlatformJson.Default.LogLines)!;
    }
}
