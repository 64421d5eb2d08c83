using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Notifications;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Notifications;

/// <summary>Webhooks through the API, and what their receivers are sent.</summary>
public sealed class WebhooksTests : IAsyncLifetime
{
    private const string Host = "receiver.example", Hook = $"https://{Host}/hook";
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimPlatform Platform => _host.Platform;

    private HttpClient Owner => _host.Owner;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_webhook_is_made_changed_and_deleted()
    {
        var made = await CreateAsync("deploy_ended", "deploy_ended", "server_failed");
        var path = $"/v1/webhooks/{made.Text("id")}";
        Assert.StartsWith("whsec_", made.Text("secret"), StringComparison.Ordinal);
        Assert.Equal(2, made.GetProperty("eventFilter").GetArrayLength());

        var changed = await Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"name":"other","enabled":false,"eventFilter":[]}""");

        Assert.Equal(("other", Hook, made.Text("secret")), (changed.Text("name"), changed.Text("url"), changed.Text("secret")));
        Assert.False(changed.GetProperty("enabled").GetBoolean());
        Assert.Equal(changed.GetRawText(), (await Owner.ReadAsync(path)).GetRawText());
        Assert.Equal(1, (await Owner.ReadAsync("/v1/webhooks")).GetArrayLength());
        await Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.NoContent);
        await Owner.CallAsync(HttpMethod.Get, path, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Only_admins_change_webhooks_and_viewers_see_no_secrets()
    {
        var path = $"/v1/webhooks/{(await CreateAsync()).Text("id")}";
        using var developer = await _host.MemberAsync(Role.Developer, Platform.Workspace, Token);
        using var viewer = await _host.MemberAsync(Role.Viewer, Platform.Workspace, Token);
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);

        await developer.CallAsync(HttpMethod.Get, path, HttpStatusCode.OK);
        await developer.CallAsync(HttpMethod.Patch, path, HttpStatusCode.Forbidden, "{}");
        await developer.CallAsync(HttpMethod.Delete, path, HttpStatusCode.Forbidden);
        await viewer.CallAsync(HttpMethod.Get, path, HttpStatusCode.Forbidden);
        Assert.Equal(0, (await stranger.ReadAsync("/v1/webhooks")).GetArrayLength());
        await stranger.CallAsync(HttpMethod.Get, path, HttpStatusCode.NotFound);
        await stranger.CallAsync(HttpMethod.Post, $"/portico{path}/events/evt-1/redeliver", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("url", "\"ftp://receiver.example/\"")]
    [InlineData("url", "\"http://127.0.0.1/\"")]
    [InlineData("url", "\"http://169.254.169.254/latest\"")]
    [InlineData("url", "\"https://user:word@receiver.example/\"")]
    [InlineData("eventFilter", "[\"deploy_eaten\"]")]
    [InlineData("eventFilter", "[\"suspender_added\"]")]
    [InlineData("name", "\"\"")]
    public async Task What_cannot_be_is_refused(string field, string value)
    {
        var path = $"/v1/webhooks/{(await CreateAsync()).Text("id")}";

        var refused = await Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.BadRequest, $$"""{"{{field}}":{{value}}}""");

        Assert.StartsWith($"{field}: ", refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_is_told_signed_and_in_Renders_shape()
    {
        var webhook = await CreateAsync("deploy_started", "deploy_ended");

        await ApplyAsync();

        var service = (await Owner.ReadAsync("/v1/services?name=worker"))[0].GetProperty("service").Text("id");
        var calls = Platform.Receivers.Calls.Where(call => call.Body.Contains(service, StringComparison.Ordinal)).ToList();
        Assert.Equal(["deploy_started", "deploy_ended"], calls.Select(call => JsonElement.Parse(call.Body).Text("type")));
        var (ended, data) = (calls[1], JsonElement.Parse(calls[1].Body).GetProperty("data"));
        Assert.Equal((service, "worker", "succeeded"), (data.Text("serviceId"), data.Text("serviceName"), data.Text("status")));
        Assert.Equal(data.Text("id"), ended.Headers["webhook-id"]);
        Assert.Equal("deploy_ended", (await Owner.ReadAsync($"/v1/events/{data.Text("id")}")).Text("type"));
        Assert.Equal(Signature(webhook.Text("secret"), ended), ended.Headers["webhook-signature"]);
        Assert.Equal(new Uri(Hook), ended.Url);
        var history = await Owner.ReadAsync($"/v1/webhooks/{webhook.Text("id")}/events");
        Assert.All(history.EnumerateArray(), item => Assert.Equal(200, item.GetProperty("webhookEvent").GetProperty("statusCode").GetInt32()));
        Assert.Equal(Platform.Receivers.Calls.Count, history.GetArrayLength());
    }

    [Fact]
    public async Task What_ends_with_its_service_is_told_also_when_nobody_had_looked_yet()
    {
        await ApplyAsync();
        var service = (await Owner.ReadAsync("/v1/services?name=worker"))[0].GetProperty("service").Text("id");
        await CreateAsync("deploy_started", "deploy_ended", "service_suspended");
        await Owner.CallAsync(HttpMethod.Post, $"/v1/services/{service}/deploys", HttpStatusCode.Created, "{}");
        await Platform.PassAsync(Token);
        await Owner.CallAsync(HttpMethod.Post, $"/v1/services/{service}/suspend", HttpStatusCode.Accepted);

        await Owner.CallAsync(HttpMethod.Delete, $"/v1/services/{service}", HttpStatusCode.NoContent);
        await Platform.SettleAsync(Token);

        var told = Platform.Receivers.Calls.Select(call => JsonElement.Parse(call.Body)).Where(body => body.GetProperty("data").Text("serviceId") == service).ToList();
        Assert.Equal(["deploy_ended", "deploy_started", "service_suspended"], told.Select(body => body.Text("type")).Order());
        Assert.Equal("canceled", told.Single(body => body.Text("type") == "deploy_ended").GetProperty("data").Text("status"));
        Assert.All(told, body => Assert.Equal("worker", body.GetProperty("data").Text("serviceName")));
    }

    [Fact]
    public async Task A_receiver_that_fails_is_tried_eight_times_disabled_and_told_once_more_when_asked()
    {
        Platform.Receivers.Answer(Host, HttpStatusCode.InternalServerError, "broken \u0001 here");
        var path = $"/v1/webhooks/{(await CreateAsync("service_suspended")).Text("id")}";
        var told = await SuspendAsync();
        for (var hour = 0; hour < 40; hour++)
        {
            Platform.Time.Advance(TimeSpan.FromHours(1));
            await Platform.PassAsync(Token);
        }

        Assert.Equal(8, Platform.Receivers.Calls.Count);
        Assert.False((await Owner.ReadAsync(path)).GetProperty("enabled").GetBoolean());
        var attempt = (await Owner.ReadAsync($"{path}/events?limit=1"))[0].GetProperty("webhookEvent");
        Assert.Equal((told, 500, "broken   here"), (attempt.Text("eventId"), attempt.GetProperty("statusCode").GetInt32(), attempt.Text("responseBody")));
        Assert.Contains("500", attempt.Text("error"), StringComparison.Ordinal);

        Platform.Receivers.Answer(Host, HttpStatusCode.NoContent);
        await Owner.CallAsync(HttpMethod.Post, $"/portico{path}/events/{told}/redeliver", HttpStatusCode.Conflict);
        await Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"enabled":true}""");
        await Owner.CallAsync(HttpMethod.Post, $"/portico{path}/events/{told}/redeliver", HttpStatusCode.Accepted);
        await Owner.CallAsync(HttpMethod.Post, $"/portico{path}/events/evt-00000000000000000000/redeliver", HttpStatusCode.NotFound);
        await Platform.PassAsync(Token);

        var calls = Platform.Receivers.Calls;
        Assert.Equal(9, calls.Count);
        Assert.Equal((told, calls[0].Body), (calls[8].Headers["webhook-id"], calls[8].Body));
        Assert.Equal(9, (await Owner.ReadAsync($"{path}/events")).GetArrayLength());
    }

    [Fact]
    public async Task A_failing_receiver_that_takes_others_meanwhile_stays_enabled()
    {
        Platform.Receivers.Behaviours[Host] = (call, _) => Task.FromResult(new HttpResponseMessage(
            call.Body.Contains("service_suspended", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.OK)
        { Content = new StringContent("") });
        var path = $"/v1/webhooks/{(await CreateAsync("service_suspended", "service_resumed")).Text("id")}";
        await SuspendAsync();
        await Owner.CallAsync(HttpMethod.Post, $"/v1/services/{await ServiceAsync()}/resume", HttpStatusCode.Accepted);
        for (var hour = 0; hour < 40; hour++)
        {
            Platform.Time.Advance(TimeSpan.FromHours(1));
            await Platform.PassAsync(Token);
        }

        Assert.True((await Owner.ReadAsync(path)).GetProperty("enabled").GetBoolean());
    }

    [Fact]
    public async Task Who_is_disabled_or_deleted_is_told_nothing_more()
    {
        Platform.Receivers.Answer(Host, HttpStatusCode.BadGateway);
        var (disabled, deleted) = ((await CreateAsync()).Text("id"), (await CreateAsync()).Text("id"));
        await ApplyAsync();
        await Owner.CallAsync(HttpMethod.Patch, $"/v1/webhooks/{disabled}", HttpStatusCode.OK, """{"enabled":false}""");
        await Owner.CallAsync(HttpMethod.Delete, $"/v1/webhooks/{deleted}", HttpStatusCode.NoContent);
        var before = Platform.Receivers.Calls.Count;

        Platform.Time.Advance(TimeSpan.FromHours(1));
        await Platform.SettleAsync(Token);

        Assert.Equal(before, Platform.Receivers.Calls.Count);
        await using var db = await Platform.OpenAsync(Token);
        Assert.All(await db.Deliveries.ToListAsync(Token), row => Assert.Equal((disabled, DeliveryStatus.Canceled), (row.Receiver, row.Status)));
        Assert.False(await db.WebhookAttempts.AnyAsync(row => row.WebhookId == deleted, Token));
    }

    [Fact]
    public async Task A_slow_receiver_stops_nobody_else()
    {
        Platform.Bounds = new DeliveryLimits(4, 4, 2);
        await Platform.RestartAsync(Token);
        var (release, hanging) = (new TaskCompletionSource(), new TaskCompletionSource());
        Platform.Receivers.Behaviours["slow.example"] = async (_, _) =>
        {
            hanging.TrySetResult();
            await release.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("") };
        };
        await ApplyAsync();
        await using (var db = await Platform.OpenAsync(Token))
        {
            db.Webhooks.AddRange(WebhookScenario.Webhook(Platform, "slow.example"), WebhookScenario.Webhook(Platform, Host));
            await db.SaveChangesAsync(Token);
        }
        await SuspendAsync(settle: false);
        await Owner.CallAsync(HttpMethod.Post, $"/v1/services/{await ServiceAsync()}/resume", HttpStatusCode.Accepted);

        // The pass of all reconcilers would wait for the slow one.
        await UntilAsync(() => Platform.Receivers.Calls.Count(call => call.Url.Host == Host) == 2);
        await hanging.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        release.SetResult();
        await UntilAsync(() => Platform.Receivers.Calls.Count(call => call.Url.Host == "slow.example") == 2);
        await Platform.SettleAsync(Token);
    }

    [Fact]
    public async Task Others_are_not_told_and_what_was_sent_long_ago_is_forgotten()
    {
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);
        var workspace = (await stranger.ReadAsync("/v1/owners"))[0].GetProperty("owner").Text("id");
        await stranger.CallAsync(HttpMethod.Post, "/v1/webhooks", HttpStatusCode.Created, Body(workspace, "https://stranger.example/"));
        await CreateAsync("service_suspended");
        await SuspendAsync();
        Assert.Single(Platform.Receivers.Calls);
        Assert.Equal(Host, Platform.Receivers.Calls[0].Url.Host);

        Platform.Time.Advance(NotificationReconciler.Retention + TimeSpan.FromHours(2));
        await Platform.SettleAsync(Token);

        await using var db = await Platform.OpenAsync(Token);
        Assert.False(await db.WebhookAttempts.AnyAsync(Token) || await db.Deliveries.AnyAsync(Token));
    }

    private static string Signature(string secret, SimCall call) =>
        $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{call.Headers["webhook-id"]}.{call.Headers["webhook-timestamp"]}.{call.Body}")))}";

    private static string Body(string workspace, string url, params string[] types) =>
        $$"""{"ownerId":"{{workspace}}","url":"{{url}}","name":"hook","enabled":true,"eventFilter":[{{string.Join(',', types.Select(type => $"\"{type}\""))}}]}""";

    private Task<JsonElement> CreateAsync(params string[] types) =>
        Owner.CallAsync(HttpMethod.Post, "/v1/webhooks", HttpStatusCode.Created, Body(Platform.Workspace, Hook, types));

    private Task UntilAsync(Func<bool> holds) => Eventually.TrueAsync(async () =>
    {
        await Platform.Get<NotificationReconciler>().ReconcileAsync(Token);
        return holds();
    }, "the webhooks have been sent");

    private Task ApplyAsync() => Scenario.Apply(UploadedSource.First)(Platform, Token);

    private async Task<string> ServiceAsync() => (await Owner.ReadAsync("/v1/services?name=worker"))[0].GetProperty("service").Text("id");

    /// <returns>The event.</returns>
    private async Task<string> SuspendAsync(bool settle = true)
    {
        if ((await Owner.ReadAsync("/v1/services")).GetArrayLength() == 0)
            await ApplyAsync();
        var service = await ServiceAsync();
        await Owner.CallAsync(HttpMethod.Post, $"/v1/services/{service}/suspend", HttpStatusCode.Accepted);
        if (settle)
            await Platform.SettleAsync(Token);
        return (await Owner.ReadAsync($"/v1/services/{service}/events?type=service_suspended"))[0].GetProperty("event").Text("id");
    }
}
