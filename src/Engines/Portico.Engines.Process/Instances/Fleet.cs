using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Usage;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// All revisions and instances. One loop asks the supervisor what to do and does it; everything else only changes what the
/// supervisor sees, and wakes the loop.
/// </summary>
internal sealed partial class Fleet : IDisposable
{
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<RevisionId, RevisionRecord> _revisions = [];
    private readonly HashSet<RevisionId> _confirmed = [];
    private readonly Dictionary<InstanceId, Instance> _instances = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly HealthProbe _probe = new();
    private readonly InstanceStore _store;
    private readonly Launcher _launcher;
    private readonly WorkloadPlan _plan;
    private readonly LogStore _logs;
    private readonly SnapshotStream _snapshots;
    private readonly InstanceLife _life;
    private readonly Ports _ports;
    private readonly ProcessEngineOptions _options;
    private readonly ILogger _logger;
    private readonly SteadyTime _time;
    private Task _loop = Task.CompletedTask;
    private long _sequence;

    public Fleet(
        InstanceStore store, Launcher launcher, WorkloadPlan plan, LogStore logs, LogTrimmer trimmer, SnapshotStream snapshots,
        ProcessEngineOptions options, ILogger logger)
    {
        (_store, _launcher, _plan, _logs, _snapshots, _options, _logger) = (store, launcher, plan, logs, snapshots, options, logger);
        _time = new SteadyTime(options.TimeProvider);
        _ports = new Ports(options.Ports);
        _life = new InstanceLife(new HealthWatch(_probe, Wake, Time), trimmer, Wake, Time);
    }

    private TimeProvider Time => _time;

    /// <summary>Finds what an earlier engine left, and begins to look after it.</summary>
    /// <param name="runs">Builds and jobs, whose control groups are to stay.</param>
    public void Start(ControlGroups groups, IReadOnlyList<RunRecord> runs)
    {
        lock (_lock)
        {
            foreach (var revision in _store.Revisions())
                _revisions[revision.Revision.Id] = revision;
            foreach (var record in _store.Instances())
                Adopt(record);
            var workloads = _instances.Values.Select(i => i.Record.Workload).Concat(runs.Select(run => run.Workload));
            groups.RemoveAllBut(workloads.SelectMany(workload => workload?.Groups ?? []).ToHashSet());
            Publish();
        }
        _loop = Task.Run(LoopAsync);
    }

    public void Ensure(Revision revision, int instances)
    {
        lock (_lock)
        {
            if (revision.Disk is { } disk)
                foreach (var other in _revisions.Values.Where(r => r.Revision.Id != revision.Id && r.Revision.Disk?.Id == disk.Id && !r.Retired).ToList())
                    Save(other with { Retired = true });
            var before = _revisions.GetValueOrDefault(revision.Id);
            Save(new RevisionRecord { Revision = revision, Instances = instances, RestartToken = before?.RestartToken });
            _confirmed.Add(revision.Id);
        }
        Wake();
    }

    public void Retire(RevisionId id)
    {
        lock (_lock)
            if (_revisions.TryGetValue(id, out var revision) && !revision.Retired)
                Save(revision with { Retired = true });
        Wake();
    }

    public void Restart(RevisionId id, string token)
    {
        lock (_lock)
            if (_revisions.TryGetValue(id, out var revision) && revision.RestartToken != token)
                Save(revision with { RestartToken = token });
        Wake();
    }

    public void Release(InstanceId id)
    {
        lock (_lock)
            if (_instances.TryGetValue(id, out var instance) && instance.Supervised.DrainingSince is not null)
                StopOne(instance, comesBack: false);
        Wake();
    }

    public IReadOnlyList<RevisionRecord> Revisions()
    {
        lock (_lock)
            return [.. _revisions.Values];
    }

    public IReadOnlyList<InstanceRecord> Instances()
    {
        lock (_lock)
            return [.. _instances.Values.Select(instance => instance.Record)];
    }

    /// <summary>The main process of what runs with this disk; null when nothing does.</summary>
    public int? ProcessOn(string disk)
    {
        lock (_lock)
            return _instances.Values.FirstOrDefault(instance => instance.ProcessId is not null
                && _revisions.GetValueOrDefault(instance.Supervised.Revision)?.Revision.Disk?.Id == disk)?.ProcessId;
    }

    /// <summary>What runs now uses.</summary>
    public IReadOnlyList<InstanceUsage> Measure()
    {
        List<MeteredInstance> running;
        lock (_lock)
            running = [.. _instances.Values.Where(instance => instance.ProcessId is not null).Select(instance => new MeteredInstance(
                instance.Record, instance.Workload!.Main!, _revisions[instance.Supervised.Revision].Revision.Limits))];
        return UsageMeter.Measure(running);
    }

    /// <summary>Ends every instance of an owner without its grace, and forgets its revisions.</summary>
    public async Task RemoveOwnerAsync(string owner, CancellationToken cancellationToken)
    {
        foreach (var revision in Revisions().Where(r => r.Revision.Owner == owner))
            Retire(revision.Revision.Id);
        List<Instance> left;
        lock (_lock)
            left = [.. _instances.Values.Where(instance => instance.Record.Owner == owner)];
        foreach (var instance in left)
        {
            instance.Update(s => s with { StoppingSince = s.StoppingSince ?? Time.GetUtcNow(), Killed = true, ComesBack = false });
            if (instance.Workload is { } workload)
                await workload.KillAsync(cancellationToken);
            await instance.Life.WaitAsync(cancellationToken);
        }
        lock (_lock)
            Decide();
    }

    /// <summary>Lets go of what runs, without ending it.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] lives;
        lock (_lock)
            lives = [.. _instances.Values.Select(instance => instance.Life)];
        await Task.WhenAll(lives).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _probe.Dispose();
        _wake.Dispose();
        _stopping.Dispose();
    }

    private void Wake()
    {
        lock (_wake)
            if (_wake.CurrentCount == 0)
                _wake.Release();
    }

    private async Task LoopAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var wakeAt = TryDecide();
            var pause = wakeAt is { } at ? Positive(at - Time.GetUtcNow()) : Timeout.InfiniteTimeSpan;
            using var sleep = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            await Task.WhenAny(_wake.WaitAsync(sleep.Token), Task.Delay(pause, Time, sleep.Token));
            await sleep.CancelAsync();
        }
    }

    /// <summary>A full disk must not end the loop that will repair things once there is space again.</summary>
    private DateTimeOffset? TryDecide()
    {
        try
        {
            lock (_lock)
                return Decide();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CannotAct(e);
            return Time.GetUtcNow() + RetryPause;
        }
    }

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;

    /// <summary>Acts until there is nothing to do. Bounded: each action leads on, and what cannot be done now waits.</summary>
    private DateTimeOffset? Decide()
    {
        const int MostRounds = 10;
        SupervisorPlan plan;
        var rounds = 0;
        do
        {
            plan = Supervisor.Decide(
                [.. _revisions.Values.Select(revision => revision.ToSupervised(_confirmed.Contains(revision.Revision.Id)))],
                [.. _instances.Values.Select(instance => instance.Supervised)],
                Time.GetUtcNow());
            foreach (var action in plan.Actions)
                Act(action);
            ForgetRetired();
        }
        while (plan.Actions.Count > 0 && ++rounds < MostRounds);
        Publish();
        return plan.Actions.Count > 0 ? Time.GetUtcNow() : plan.WakeAt;
    }

    private void Act(SupervisorAction action)
    {
        switch (action)
        {
            case SupervisorAction.Create create:
                Create(_revisions[create.Revision]);
                break;
            case SupervisorAction.Start start:
                Begin(_instances[start.Instance], isRestart: true);
                break;
            case SupervisorAction.Drain drain:
                _instances[drain.Instance].Update(s => s with { DrainingSince = Time.GetUtcNow() });
                break;
            case SupervisorAction.Stop stop:
                StopOne(_instances[stop.Instance], stop.ComesBack);
                break;
            case SupervisorAction.Kill kill:
                KillOne(_instances[kill.Instance]);
                break;
            case SupervisorAction.Remove remove:
                Remove(remove.Instance);
                break;
        }
    }

    private void Publish()
    {
        var now = Time.GetUtcNow();
        _snapshots.Publish([.. _instances.Values.OrderBy(i => i.Supervised.Sequence).Select(i => i.Record.ToSnapshot(i.ProcessId, i.Health, now))]);
    }

    private void Save(RevisionRecord record)
    {
        _store.Save(record);
        _revisions[record.Revision.Id] = record;
    }

    private void ForgetRetired()
    {
        foreach (var revision in _revisions.Values.Where(r => r.Retired).Select(r => r.Revision.Id).ToList())
            if (_instances.Values.All(instance => instance.Supervised.Revision != revision))
            {
                _revisions.Remove(revision);
                _confirmed.Remove(revision);
                _store.Delete(revision);
            }
    }

    private InstanceId NewId(string owner)
    {
        while (true)
        {
            var id = new InstanceId($"{owner}-{RandomNumberGenerator.GetString(SuffixAlphabet, SuffixLength)}");
            if (!_instances.ContainsKey(id))
                return id;
        }
    }
}
