using System.Net;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Access;

/// <summary>Everything that a tenant can create has a bound, whichever way it is created.</summary>
public sealed class QuotaTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token, settings => settings with
    {
        WorkspaceServices = 2,
        WorkspaceDataStores = 1,
        WorkspaceWebhooks = 1,
        WorkspaceDiskGigabytes = 30,
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_large_Blueprint_is_refused_before_it_is_planned()
    {
        var services = string.Concat(Enumerable.Range(0, 3).Select(number => $"  - {{ type: worker, name: s{number}, runtime: node, buildCommand: make, startCommand: work }}\n"));

        foreach (var dryRun in (bool[])[true, false])
            Assert.Contains("PORTICO_WORKSPACE_SERVICES", await RefusedAsync($"services:\n{services}", dryRun), StringComparison.Ordinal);
        Assert.Contains("PORTICO_WORKSPACE_DATA_STORES", await RefusedAsync("databases:\n  - name: a\n  - name: b\n", true), StringComparison.Ordinal);

        await ApplyAsync("services:\n  - { type: worker, name: s0, runtime: node, buildCommand: make, startCommand: work }\n", HttpStatusCode.OK);
        await ApplyAsync(
            "services:\n  - { type: worker, name: s0, runtime: node, buildCommand: make, startCommand: work2 }\n  - { type: worker, name: s1, runtime: node, buildCommand: make, startCommand: work }\n",
            HttpStatusCode.OK);
        await CreateAsync("s2", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Services_stores_webhooks_and_disks_are_bounded_through_the_API()
    {
        await CreateAsync("s0", HttpStatusCode.Created, ",\"disk\":{\"name\":\"data\",\"mountPath\":\"/data\",\"sizeGB\":20}");
        Assert.Contains(
            "PORTICO_WORKSPACE_DISK_GIGABYTES",
            (await CreateAsync("s1", HttpStatusCode.Conflict, ",\"disk\":{\"name\":\"data\",\"mountPath\":\"/data\",\"sizeGB\":11}")).Text("message"), StringComparison.Ordinal);
        await CreateAsync("s1", HttpStatusCode.Created, ",\"disk\":{\"name\":\"data\",\"mountPath\":\"/data\",\"sizeGB\":10}");
        var disk = (await _host.Owner.ReadAsync("/v1/disks")).EnumerateArray().First().GetProperty("disk").Text("id");
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/v1/disks/{disk}", HttpStatusCode.Conflict, """{"sizeGB":40}""");
        await CreateAsync("s2", HttpStatusCode.Conflict);

        var hook = $$"""{"name":"hook","ownerId":"{{Workspace}}","url":"https://93.184.215.14/hook","enabled":true,"eventFilter":[]}""";
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/webhooks", HttpStatusCode.Created, hook);
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/webhooks", HttpStatusCode.Conflict, hook);
    }

    [Fact]
    public async Task Requests_at_the_same_time_do_not_exceed_a_quota_together()
    {
        const int Requests = 12;
        var hook = $$"""{"name":"hook","ownerId":"{{Workspace}}","url":"https://93.184.215.14/hook","enabled":true,"eventFilter":[]}""";
        await CreateAsync("disks", HttpStatusCode.Created, ",\"disk\":{\"name\":\"data\",\"mountPath\":\"/data\",\"sizeGB\":1}");
        var disk = (await _host.Owner.ReadAsync("/v1/disks"))[0].GetProperty("disk").Text("id");

        var services = await AllAsync(number => _host.Owner.SendAsync(HttpMethod.Post, "/v1/services", Service($"s{number}", "")));
        var hooks = await AllAsync(_ => _host.Owner.SendAsync(HttpMethod.Post, "/v1/webhooks", hook));
        await AllAsync(number => _host.Owner.SendAsync(HttpMethod.Patch, $"/v1/disks/{disk}", $$"""{"sizeGB":{{number + 25}}}"""));

        Assert.Equal(1, services[HttpStatusCode.Created]);
        Assert.Equal(Requests - 1, services[HttpStatusCode.Conflict]);
        Assert.Equal(1, hooks[HttpStatusCode.Created]);
        Assert.Equal(Requests - 1, hooks[HttpStatusCode.Conflict]);
        Assert.InRange((await _host.Owner.ReadAsync($"/v1/disks/{disk}")).GetProperty("sizeGB").GetInt32(), 25, 30);

        static async Task<Dictionary<HttpStatusCode, int>> AllAsync(Func<int, Task<HttpResponseMessage>> send)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(number => Task.Run(() => send(number))));
            var statuses = answers.GroupBy(answer => answer.StatusCode, (status, all) => (status, all.Count())).ToDictionary();
            foreach (var answer in answers)
                answer.Dispose();
            return statuses;
        }
    }

    [Fact]
    public async Task A_save_that_comes_too_late_or_is_refused_leaves_no_transaction()
    {
        await CreateAsync("s0", HttpStatusCode.Created);
        await using var late = await _host.Platform.OpenAsync(Token);
        var stale = late.Services.Single();
        await ChangeAsync();

        stale.Touch(_host.Platform.Time.GetUtcNow());
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => late.SaveChangesAsync(Token));
        Assert.Null(late.Database.CurrentTransaction);
        await using var refused = await _host.Platform.OpenAsync(Token);
        refused.Webhooks.AddRange(Enumerable.Range(0, 2).Select(number => new WebhookRow
        {
            Id = $"whk-{number:D20}",
            WorkspaceId = Workspace,
            Name = "hook",
            Url = "https://example.org",
            Secret = "",
            Enabled = true,
            EventFilter = "",
            CreatedAt = default,
        }));
        await Assert.ThrowsAsync<RefusedException>(() => refused.SaveChangesAsync(Token));
        Assert.Null(refused.Database.CurrentTransaction);
        await ChangeAsync();

        Task ChangeAsync() => _host.Platform.AskAsync(db =>
        {
            db.Services.Single().Touch(_host.Platform.Time.GetUtcNow());
            return Task.CompletedTask;
        }, Token);
    }

    [Fact]
    public async Task A_Blueprint_above_a_quota_is_not_valid()
    {
        using var form = new MultipartFormDataContent { { new StringContent(Workspace), "ownerId" }, { new StringContent("databases:\n  - name: a\n  - name: b\n"), "file", "render.yaml" } };
        using var response = await _host.Owner.PostAsync(new Uri("/v1/blueprints/validate", UriKind.Relative), form, Token);
        var answer = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(answer.GetProperty("valid").GetBoolean());
        Assert.Contains("PORTICO_WORKSPACE_DATA_STORES", answer.GetProperty("errors")[0].Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_follows_a_hundred_logs_at_most()
    {
        await ApplyAsync("services:\n  - { type: worker, name: s0, runtime: node, buildCommand: make, startCommand: work }\n", HttpStatusCode.OK);
        var service = (await _host.Owner.ReadAsync("/v1/services"))[0].GetProperty("service").Text("id");
        var path = $"/v1/logs/subscribe?ownerId={Workspace}&resource={service}";
        var sockets = new List<ClientWebSocket>();
        for (var number = 0; number < OpenStreams.MostOfUser; number++)
            sockets.Add(await ConnectAsync(path));

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(path));
        using var refused = await _host.Owner.SendAsync(HttpMethod.Get, "/portico/v1/logs?resource=s0&follow=true");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        sockets[0].Abort();
        sockets[0].Dispose();
        sockets.RemoveAt(0);
        await Eventually.BecomesAsync(
            async () =>
            {
                try
                {
                    sockets.Add(await ConnectAsync(path));
                    return true;
                }
                catch (WebSocketException)
                {
                    return false;
                }
            }, connected => connected, Eventually.Limit, "a place was free again");
        foreach (var socket in sockets)
            socket.Dispose();
    }

    private async Task<ClientWebSocket> ConnectAsync(string path)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", _host.Owner.DefaultRequestHeaders.Authorization!.ToString());
        try
        {
            await socket.ConnectAsync(new UriBuilder(_host.Owner.BaseAddress!) { Scheme = "ws", Path = path.Split('?')[0], Query = path.Split('?')[1] }.Uri, Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<string> RefusedAsync(string blueprint, bool dryRun)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(
            new ApplyBlueprint { Blueprint = blueprint, DryRun = dryRun, Commit = UploadedSource.First, FileName = "render.yaml" }, PlatformJson.Default.ApplyBlueprint);
        return (await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/blueprints/apply", HttpStatusCode.Conflict, body)).Text("message");
    }

    private Task<System.Text.Json.JsonElement> ApplyAsync(string blueprint, HttpStatusCode expected)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(
            new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First, FileName = "render.yaml" }, PlatformJson.Default.ApplyBlueprint);
        return _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/blueprints/apply", expected, body);
    }

    private Task<System.Text.Json.JsonElement> CreateAsync(string name, HttpStatusCode expected, string details = "") => _host.Owner.CallAsync(
        HttpMethod.Post, "/v1/services", expected, Service(name, details));

    private string Service(string name, string details) => $$"""
        {"type":"background_worker","name":"{{name}}","ownerId":"{{Workspace}}","repo":"{{UploadedSource.Url}}","branch":"main",
        "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"work"}{{details}} } }
        """;
}
