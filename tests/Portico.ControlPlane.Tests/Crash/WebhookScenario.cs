using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Notifications;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Notifications;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Every event is sent to whoever wants it: one delivery for each, made at least once, under one id.</summary>
internal static class WebhookScenario
{
    private const string Type = "deploy_ended";

    public static Scenario Sent { get; } = new("events sent", PrepareAsync, ActAsync);

    public static WebhookRow Webhook(SimPlatform platform, string host, string filter = "") => new()
    {
        Id = platform.Get<IdSource>().New<WebhookId>().Value,
        WorkspaceId = platform.Workspace,
        Name = host,
        Url = $"https://{host}/hook",
        Secret = WebhookSignature.NewSecret(),
        Enabled = true,
        EventFilter = filter,
        CreatedAt = platform.Time.GetUtcNow(),
    };

    private static async Task PrepareAsync(SimPlatform platform, CancellationToken token)
    {
        await Scenario.Apply(UploadedSource.First)(platform, token);
        await using var db = await platform.OpenAsync(token);
        db.Webhooks.Add(Webhook(platform, "receiver.example", Type));
        db.Webhooks.Add(Webhook(platform, "other.example", "build_started"));
        await db.SaveChangesAsync(token);
    }

    private static async Task ActAsync(SimPlatform platform, CancellationToken token)
    {
        await Scenario.Apply(UploadedSource.Second)(platform, token);
        // Whatever failed is due again by then.
        platform.Time.Advance(TimeSpan.FromMinutes(2));
        await platform.SettleAsync(token);
        await using var db = await platform.OpenAsync(token);
        Assert.False(await db.Events.AnyAsync(row => row.IsNew, token));
        var deliveries = await db.Deliveries.OrderBy(row => row.EventId).ToListAsync(token);
        var newest = await db.Deploys.OrderByDescending(row => row.Id).Select(row => row.Id).FirstAsync(token);
        var ended = await db.Events.SingleAsync(row => row.Type == Type && row.OnceKey.StartsWith(newest), token);
        Assert.Contains(deliveries, row => row.EventId == ended.Id);
        Assert.All(deliveries, row => Assert.Equal(DeliveryStatus.Delivered, row.Status));
        Assert.All(deliveries, row => Assert.Contains(
            platform.Receivers.Calls, call => call.Headers["webhook-id"] == row.EventId && call.Body == row.Body));
        var attempts = await db.WebhookAttempts.Select(row => row.EventId).ToListAsync(token);
        Assert.Equal(deliveries.Select(row => row.EventId).Order(), attempts.Distinct().Order());
    }
}
