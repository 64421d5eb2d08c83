using Microsoft.Extensions.DependencyInjection;
using Portico.ControlPlane.Background;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Every reconciler that is registered is simulated, and meets calls that fail forever in a scenario.</summary>
public sealed class ReconcilerCoverageTests
{
    private static readonly Dictionary<string, string> Scenarios = new(StringComparer.Ordinal)
    {
        ["AccessSweeper"] = ReconcilerScenarios.Expired.Name,
        ["AutoscaleReconciler"] = ReconcilerScenarios.Autoscaled.Name,
        ["CronScheduler"] = "schedule",
        ["DataStoreReconciler"] = "first apply",
        ["DeployReconciler"] = "first apply",
        ["DeploySweeper"] = "swept after many deploys",
        ["DiskSweeper"] = DiskScenario.Deleted.Name,
        ["DomainReconciler"] = ReconcilerScenarios.Verified.Name,
        ["FollowedBranches"] = ReconcilerScenarios.Followed.Name,
        ["JobReconciler"] = "job",
        ["JobSweeper"] = ReconcilerScenarios.Swept.Name,
        ["NetworkReconciler"] = ReconcilerScenarios.Connected.Name,
        ["NotificationReconciler"] = WebhookScenario.Sent.Name,
        ["PendingDeploys"] = ReconcilerScenarios.Changed.Name,
        ["Pushes"] = ReconcilerScenarios.Pushed.Name,
        ["ServiceReconciler"] = "scaled up and down",
        ["ServiceSweeper"] = ReconcilerScenarios.Deleted.Name,
        ["SleepReconciler"] = SleepScenario.Slept.Name,
    };

    /// <summary>It makes no call for one item: it writes one file for all services.</summary>
    private static readonly string[] WithoutCalls = ["RoutesReconciler"];

    /// <summary>The names of the reconcilers of which a call must fail in this scenario.</summary>
    internal static IEnumerable<string> MetIn(string scenario) => Scenarios.Where(item => item.Value == scenario).Select(item => item.Key);

    [Fact]
    public async Task Every_registered_reconciler_has_a_scenario()
    {
        await using var platform = await SimPlatform.StartAsync(TestContext.Current.CancellationToken);
        var services = new ServiceCollection();
        platform.Register(services);
        var registered = services.Select(item => item.ServiceType).Where(type => type.IsAssignableTo(typeof(IReconciler))).ToList();

        Assert.Equal(registered.Select(type => type.Name).Order(), SimPlatform.Reconcilers.Select(type => type.Name).Order());
        Assert.Equal(registered.Select(type => type.Name).Order(), Scenarios.Keys.Concat(WithoutCalls).Order());
    }
}
