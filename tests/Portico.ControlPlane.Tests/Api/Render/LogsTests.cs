using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Logs;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Ids;
using Portico.Core.Jobs;

namespace Portico.ControlPlane.Tests.Api.Render;

/// <summary>Logs over real HTTP, as they are written.</summary>
public sealed class LogsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _service = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Query => $"ownerId={_host.Platform.Workspace}&resource={_service}";

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
    public async Task What_was_just_written_is_found()
    {
        for (var i = 0; i < 5; i++)
        {
            Write("a", $"line {i}");
            Assert.Equal($"line {i}", Messages(await GetAsync(Query))[0]);
        }
    }

    [Fact]
    public async Task A_line_has_its_labels_and_a_time_of_its_own()
    {
        Write("a", "ERROR one", "two");
        var lines = (await GetAsync(Query)).GetProperty("logs").EnumerateArray().ToList();
        Assert.Equal(
            [("resource", _service), ("type", "app"), ("level", "error"), ("instance", $"{_service}-a")],
            lines[1].GetProperty("labels").EnumerateArray().Select(label => (label.GetProperty("name").GetString()!, label.GetProperty("value").GetString()!)));
        Assert.Equal("2026-01-01T00:00:0", lines[0].GetProperty("timestamp").GetString()![..18]);
        Assert.Equal(2, lines.Select(line => line.GetProperty("timestamp").GetString()).Distinct().Count());
        Assert.Equal(2, lines.Select(line => line.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task A_filters_values_are_repeated_or_comma_joined()
    {
        Write("a", "of a, early");
        Write("b", "of b");
        Write("c", "of c");
        Assert.Equal(2, Messages(await GetAsync($"{Query}&instance={_service}-a,{_service}-c")).Count);
        Assert.Equal(2, Messages(await GetAsync($"{Query}&instance={_service}-a&instance=*-c")).Count);
        Assert.Equal(3, Messages(await GetAsync($"{Query}&instance=%2F-[a-c]%24%2F&level=info,error")).Count);
        Assert.Equal(["of a, early"], Messages(await GetAsync($"{Query}&text=a%2C%20e")));
    }

    [Fact]
    public async Task Others_find_nothing_and_are_told_nothing()
    {
        Write("a", "secret");
        using var member = await _host.MemberAsync(Role.Admin, null, Token);
        foreach (var path in (string[])["/v1/logs", "/v1/logs/values", "/v1/logs/subscribe"])
        {
            using var response = await member.GetAsync(new Uri($"{path}?{Query}&label=level", UriKind.Relative), Token);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            await ApiHost.ErrorAsync(response, Token);
        }
        using var billing = await _host.MemberAsync(Role.Billing, _host.Platform.Workspace, Token);
        using var forbidden = await billing.GetAsync(new Uri($"/v1/logs?{Query}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    [Fact]
    public async Task Why_a_deploy_does_not_start_stands_among_what_the_service_writes()
    {
        _host.Platform.World.Crashing.Add(_service);
        await _host.Platform.SettleAsync(Token);

        Assert.Contains(Messages(await GetAsync($"{Query}&type=app&limit=100")), line => line!.StartsWith("==> Deploy failed 😞 in step 'start': The process exited with code 1", StringComparison.Ordinal));
        Assert.Contains("in step 'start': The process exited with code 1", await PrintedAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_lines_are_printed_and_those_that_follow()
    {
        Write("a", "one", "two");
        await GetAsync(Query);
        Write("b", "three");
        Assert.Equal(["two", "three"], (await PrintedAsync("&tail=2")).TrimEnd().Split('\n').Select(line => JsonElement.Parse(line).GetProperty("text").GetString()));
        Assert.Equal("", await PrintedAsync("&tail=0"));
        Assert.Equal(3, (await PrintedAsync("")).TrimEnd().Split('\n').Length);

        using var lines = new StreamReader(await _host.Owner.GetStreamAsync(new Uri("/portico/v1/logs?resource=worker&tail=1&follow=true", UriKind.Relative), Token));
        Assert.Contains("three", await lines.ReadLineAsync(Token), StringComparison.Ordinal);
        Write("b", "four");
        // Has it looked for: the clock stands still.
        await GetAsync(Query);
        Assert.Equal($$"""{"source":"{{_service}}-b","text":"four"}""", await lines.ReadLineAsync(Token));
    }

    [Fact]
    public async Task Lines_are_filtered_by_level_and_time_and_have_both_where_wanted()
    {
        Write("a", "INFO one", "ERROR two");
        await GetAsync(Query);
        async Task<string?[]> TextsAsync(string more) => [.. (await PrintedAsync(more)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line).GetProperty("text").GetString())];
        Assert.Equal(["ERROR two"], await TextsAsync("&level=warning&level=error"));
        Assert.Equal(["INFO one", "ERROR two"], await TextsAsync("&since=2020-01-01T00:00:00Z"));
        Assert.Empty(await TextsAsync("&since=2099-01-01T00:00:00Z"));
        var line = JsonElement.Parse((await PrintedAsync("&tail=1&times=true")).TrimEnd());
        Assert.Equal("error", line.GetProperty("level").GetString());
        Assert.Equal(2026, line.GetProperty("at").GetDateTimeOffset().Year);
        Assert.DoesNotContain("INFO one", await TextsAsync("&build=true&times=true"));
        foreach (var wrong in (string[])["&level=loud", "&since=soon"])
            Assert.Equal(HttpStatusCode.BadRequest, (await _host.Owner.GetAsync(new Uri($"/portico/v1/logs?resource=worker{wrong}", UriKind.Relative), Token)).StatusCode);
    }

    private Task<string> PrintedAsync(string more) =>
        _host.Owner.GetStringAsync(new Uri($"/portico/v1/logs?resource=worker{more}", UriKind.Relative), Token);

    [Fact]
    public async Task A_live_tail_goes_on_across_a_redeploy_without_loss_or_doubles()
    {
        Write("old", "before");
        await GetAsync(Query);
        using var socket = await SubscribeAsync(Query);
        const int Lines = 300;
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < Lines; i++)
                Write(i < 200 ? "old" : "new", $"line {i}");
        }, Token);
        var received = new List<string?>();
        while (received.Count < Lines)
            received.Add(await ReceiveAsync(socket));
        await writing;
        // The two instances overlap as they like; each one's lines are in order.
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"line {i}").Order(), received.Order());
        Assert.Equal(Enumerable.Range(200, 100).Select(i => $"line {i}"), received.Where(line => string.CompareOrdinal(line, "line 2") >= 0 && line!.Length == 8 && line[5] == '2'));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_tail_that_comes_back_begins_with_the_line_that_it_names()
    {
        Write("a", "one", "two", "three");
        var two = (await GetAsync(Query)).GetProperty("logs")[1].GetProperty("timestamp").GetString();
        using var socket = await SubscribeAsync($"{Query}&startTime={two}");
        Assert.Equal(["two", "three"], [await ReceiveAsync(socket), await ReceiveAsync(socket)]);
    }

    [Fact]
    public async Task A_tail_ends_with_its_end_time()
    {
        Write("a", "one");
        using var socket = await SubscribeAsync($"{Query}&startTime=2026-01-01T00:00:00Z&endTime=2026-01-01T00:10:00Z");
        Assert.Equal("one", await ReceiveAsync(socket));
        _host.Platform.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_tail_is_told_when_the_server_stops()
    {
        using var socket = await SubscribeAsync(Query);
        _host.Get<IHostApplicationLifetime>().StopApplication();
        Assert.Null(await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("no longer a member's")]
    public async Task A_tail_ends_with_its_key(string how)
    {
        using var member = await _host.MemberAsync(Role.Developer, _host.Platform.Workspace, Token);
        using var socket = await SubscribeAsync(Query, member);
        using var other = await SubscribeAsync(Query);
        Write("a", "one");
        Assert.Equal("one", await ReceiveAsync(socket));

        await using (var db = await _host.Platform.OpenAsync(Token))
        {
            var (key, now) = (db.ApiKeys.Single(row => row.Name == "test"), _host.Platform.Time.GetUtcNow());
            var user = key.UserId;
            _ = how switch
            {
                "revoked" => await db.ApiKeys.Where(row => row.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, now), Token),
                "expired" => await db.ApiKeys.Where(row => row.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ExpiresAt, now), Token),
                _ => await db.Members.Where(row => row.UserId == user).ExecuteDeleteAsync(Token),
            };
        }
        Assert.Null(await ReceiveAsync(socket));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, socket.CloseStatus);
        Assert.Equal("one", await ReceiveAsync(other));
        Write("a", "two");
        Assert.Equal("two", await ReceiveAsync(other));
    }

    [Fact]
    public async Task A_job_that_has_printed_nothing_yet_has_no_lines()
    {
        var job = _host.Get<IdSource>().New<JobId>().Value;
        await using (var db = await _host.Platform.OpenAsync(Token))
        {
            db.Jobs.Add(new JobRow
            {
                Id = job,
                ServiceId = _service,
                Kind = JobKind.OneOff,
                DeployId = "dep-none",
                Command = "true",
                PlanId = "",
                Status = JobStatus.Pending,
                CreatedAt = _host.Platform.Time.GetUtcNow(),
            });
            await db.SaveChangesAsync(Token);
        }
        var query = $"ownerId={_host.Platform.Workspace}&resource={job}";
        Assert.Empty(Messages(await GetAsync(query)));
        _host.Platform.World.Logs.Write(_service, job, "done");
        Assert.Equal(["done"], Messages(await GetAsync(query)));

        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);
        using var refused = await stranger.GetAsync(new Uri($"/v1/logs?{query}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        var unknown = _host.Get<IdSource>().New<JobId>().Value;
        using var missing = await _host.Owner.GetAsync(new Uri($"/v1/logs?ownerId={_host.Platform.Workspace}&resource={unknown}", UriKind.Relative), Token);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_tail_without_a_key_is_refused_before_it_begins()
    {
        using var socket = new ClientWebSocket();
        var error = await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(SubscribeAddress(Query), Token));
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
    }

    private void Write(string instance, params string[] lines) => _host.Platform.World.Logs.Write(_service, $"{_service}-{instance}", lines);

    private async Task<JsonElement> GetAsync(string query) =>
        JsonDocument.Parse(await _host.Owner.GetStringAsync(new Uri($"/v1/logs?{query}", UriKind.Relative), Token)).RootElement;

    private static IReadOnlyList<string?> Messages(JsonElement page) => [.. page.GetProperty("logs").EnumerateArray().Select(line => line.GetProperty("message").GetString())];

    private Uri SubscribeAddress(string query) => new($"ws://{_host.Owner.BaseAddress!.Authority}/v1/logs/subscribe?{query}");

    private async Task<ClientWebSocket> SubscribeAsync(string query, HttpClient? client = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", (client ?? _host.Owner).DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(SubscribeAddress(query), Token);
        return socket;
    }

    /// <summary>The next line's message; null when the server ends it.</summary>
    private async Task<string?> ReceiveAsync(ClientWebSocket socket)
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
        if (frame.MessageType == WebSocketMessageType.Close)
            return null;
        Assert.True(frame is { EndOfMessage: true, MessageType: WebSocketMessageType.Text });
        return JsonDocument.Parse(Encoding.UTF8.GetString(buffer.AsSpan(0, frame.Count))).RootElement.GetProperty("message").GetString();
    }
}
