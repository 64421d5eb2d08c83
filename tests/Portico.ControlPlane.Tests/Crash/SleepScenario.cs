using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Sleep;
using Portico.Core.Routing;
using Portico.Core.Sleep;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>A service falls asleep, is asked for, and is up again.</summary>
internal static class SleepScenario
{
    public static string Blueprint { get; } =
        Scenario.Blueprint.Replace("numInstances: 2", "plan: free", StringComparison.Ordinal);

    public static Scenario Slept { get; } = new("slept and woken", Scenario.Apply(UploadedSource.First, Blueprint), SleepAsync);

    private static async Task SleepAsync(SimPlatform platform, CancellationToken token)
    {
        platform.Time.Advance(TimeSpan.FromMinutes(16));
        await platform.SettleAsync(token);
        var id = await IdAsync(platform, token);
        Assert.Equal(ServiceRouteState.Asleep, platform.Edge.Served!.Services.Single(item => item.ServiceId == id).State);
        Assert.DoesNotContain(platform.World.Instances, instance => instance.Owner == id);
        // The edge tells of it again until it wakes.
        for (var attempt = 0; attempt < 3 && !await platform.Get<WakeListener>().WakeAsync([id], token); attempt++)
            await platform.PassAsync(token);
        await platform.SettleAsync(token);
    }

    private static async Task<string> IdAsync(SimPlatform platform, CancellationToken token)
    {
        await using var db = await platform.OpenAsync(token);
        var api = await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", token);
        Assert.Equal(SleepState.Asleep, api.Sleep);
        return api.Id;
    }
}
