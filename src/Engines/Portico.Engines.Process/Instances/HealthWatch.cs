using System.Net;
using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>Checks the health of one running instance: often until it is ready, and less often once it has been ready for a while.</summary>
/// <remarks>A check that Portico cannot perform says nothing about the instance: it keeps its status, and the check is retried.</remarks>
/// <param name="wake">Set when the supervisor should decide again.</param>
internal sealed class HealthWatch(HealthProbe probe, ActionGuard guard, WakeSignal wake, TimeProvider time)
{
    private static readonly TimeSpan StayUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Impatient = TimeSpan.FromMilliseconds(50), Starting = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1), Seldom = TimeSpan.FromSeconds(5);
    private const int Many = 20;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    public async Task WatchAsync(Instance instance, Workload workload, Revision revision, CancellationToken cancellationToken)
    {
        if (revision.Health is HealthCheck.Running || instance.Record.Port is null)
        {
            await guard.UntilSucceededAsync(EngineAction.Check, instance.Id, token => StayUpAsync(instance, token), cancellationToken);
            return;
        }
        var ports = instance.Record.Workload?.Place is { Address: var own }
            ? new NetworkPorts(IPAddress.Parse(own), workload, revision, probe, time)
            : (IPortInspection)new PortInspection(workload, revision, time);
        while (!cancellationToken.IsCancellationRequested)
        {
            await guard.UntilSucceededAsync(
                EngineAction.Check, instance.Id, token => CheckAsync(instance, workload, revision, ports, token), cancellationToken);
            await Task.Delay(Pause(instance.Record), time, cancellationToken);
        }
    }

    private async Task CheckAsync(Instance instance, Workload workload, Revision revision, IPortInspection ports, CancellationToken cancellationToken)
    {
        var address = PortInspection.AddressOf(instance.Record);
        var answer = await probe.CheckAsync(revision.Health, address, cancellationToken);
        var finding = await ports.InspectAsync(instance.Record, address, answer.Result, cancellationToken);
        var isNews = Tell(instance, HealthProbe.Describe(revision.Health, address), finding.Answer ?? answer.Words);
        Report(instance, answer.Result, finding, isNews);
        // The next start gets another port.
        if (finding.Taken && revision.Port is PortBinding.Assigned)
            await workload.KillAsync(cancellationToken);
    }

    private async Task StayUpAsync(Instance instance, CancellationToken cancellationToken)
    {
        var left = instance.Record.StartedAt + StayUp - time.GetUtcNow();
        if (left > TimeSpan.Zero)
            await Task.Delay(left, time, cancellationToken);
        var address = instance.Record.Port is { } port ? new InstanceAddress(PortInspection.HostOf(instance.Record).ToString(), port) : null;
        Report(instance, ProbeResult.Passed, new PortFinding(address, null), isNews: false);
    }

    private void Report(Instance instance, ProbeResult result, PortFinding finding, bool isNews)
    {
        var now = time.GetUtcNow();
        var passed = result == ProbeResult.Passed && (finding.Address is not null || instance.Record.Port is null);
        var before = instance.Supervised.Health;
        var updated = instance.Update(record => record with
        {
            Address = finding.Address ?? record.Address,
            Warning = finding.Warning,
            Supervised = record.Supervised with { Health = passed ? before.Passed(now) : before.Failed(now) },
        });
        if (updated || (isNews && !passed))
            wake.Set();
    }

    /// <summary>Records a check in memory only, because it changes with every check.</summary>
    /// <returns>Whether to publish a new snapshot: the answer differs, or was the same many times.</returns>
    private static bool Tell(Instance instance, string asked, string answer)
    {
        var tries = (instance.Health?.Tries ?? 0) + 1;
        var isNews = instance.Health?.Answer != answer || tries % Many == 0;
        instance.Health = new HealthReport(asked, answer, tries);
        return isNews;
    }

    private TimeSpan Pause(InstanceRecord record)
    {
        var now = time.GetUtcNow();
        if (record.Supervised.Health is not { ReadySince: { } ready, FailingSince: var failing })
            return now - record.StartedAt < Fresh ? Impatient : Starting;
        return failing is not null || now - ready < Fresh ? Often : Seldom;
    }
}
