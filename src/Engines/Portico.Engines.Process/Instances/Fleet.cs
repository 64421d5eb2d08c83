using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Usage;
using Portico.Engines.Process.Workloads;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Instances;

/// <summary>
/// Manages all revisions and instances. One loop asks the supervisor what to do and does it. Everything else only changes what the
/// supervisor sees, and wakes the loop.
/// </summary>
/// <remarks>
/// Each action has its own guard (<see cref="ActionGuard"/>): one that fails is skipped until its back-off has passed, and delays
/// neither other actions of its instance nor other instances.
/// </remarks>
internal sealed partial class Fleet(
    InstanceStore store, InstanceStarter starter, InstanceLifecycle life, Launcher launcher, LogStore logs, ActionGuard guard, FleetSignals signals, ILogger logger)
    : IDisposable
{
    public const string LoopName = "engine: instances";

    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<RevisionId, RevisionRecord> _revisions = [];
    private readonly HashSet<RevisionId> _confirmed = [];
    private readonly Dictionary<InstanceId, Instance> _instances = [];
    private readonly Dictionary<InstanceId, Task> _orphans = [];
    private readonly Dictionary<(EngineAction Action, string Id), Action> _deletions = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private long _sequence;

    private TimeProvider Time => signals.Time;

    /// <summary>Adopts the revisions and instances of an earlier engine, and starts to manage them.</summary>
    /// <param name="runs">Builds and jobs, whose control groups must stay.</param>
    public void Start(BackgroundLoops loops, ControlGroups groups, IReadOnlyList<RunRecord> runs)
    {
        lock (_lock)
        {
            foreach (var revision in store.Revisions())
                _revisions[revision.Revision.Id] = revision;
            foreach (var record in store.Instances())
                Adopt(record);
            var workloads = _instances.Values.Select(i => i.Record.Workload).Concat(runs.Select(run => run.Workload));
            groups.RemoveAllBut(workloads.SelectMany(workload => workload?.Groups ?? []).ToHashSet());
            Publish();
        }
        _loop = Task.Run(() => loops.RunAsync(
            LoopName, _ => Task.FromResult(Pass()), _stopping.Token, (pause, token) => signals.Wake.WaitAsync(pause, Time, token)));
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
            // If the revision was forgotten and its files are not deleted yet, they are needed again.
            _deletions.Remove((EngineAction.Delete, revision.Id.Value));
        }
        signals.Wake.Set();
    }

    public void Retire(RevisionId id)
    {
        lock (_lock)
            if (_revisions.TryGetValue(id, out var revision) && !revision.Retired)
                Save(revision with { Retired = true });
        signals.Wake.Set();
    }

    public void Restart(RevisionId id, string token)
    {
        lock (_lock)
            if (_revisions.TryGetValue(id, out var revision) && revision.RestartToken != token)
                Save(revision with { RestartToken = token });
        signals.Wake.Set();
    }

    public void Release(InstanceId id)
    {
        lock (_lock)
            if (_instances.TryGetValue(id, out var instance) && instance.Supervised.DrainingSince is not null)
                guard.Try(EngineAction.Stop, instance.Id, () => StopOne(instance, comesBack: false));
        signals.Wake.Set();
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

    /// <summary>Returns the running instance of this revision that started when its disk was smaller; null if there is none.</summary>
    public InstanceRecord? InstanceWithSmallerDisk(Revision revision)
    {
        lock (_lock)
            return _revisions.GetValueOrDefault(revision.Id)?.Revision.Disk is { } disk && disk.Id == revision.Disk?.Id && disk.SizeBytes < revision.Disk.SizeBytes
                ? _instances.Values.FirstOrDefault(instance => instance.ProcessId is not null && instance.Supervised.Revision == revision.Id)?.Record
                : null;
    }

    /// <summary>Returns the main process of the instance that uses this disk, which sees it at the engine's own path; null if none runs.</summary>
    public int? ProcessOn(string disk)
    {
        lock (_lock)
            return _instances.Values.FirstOrDefault(instance => instance.ProcessId is not null
                && _revisions.GetValueOrDefault(instance.Supervised.Revision)?.Revision.Disk?.Id == disk)?.Workload?.Main?.Pid;
    }

    /// <summary>Returns a running instance and its revision; null if there is none.</summary>
    public (InstanceRecord Instance, Revision Revision)? Find(InstanceId id)
    {
        lock (_lock)
            return _instances.TryGetValue(id, out var instance) && instance.ProcessId is not null
                && _revisions.TryGetValue(instance.Supervised.Revision, out var revision)
                    ? (instance.Record, revision.Revision)
                    : null;
    }

    /// <summary>Measures what each running instance uses, and leaves out those that cannot be measured now.</summary>
    public IReadOnlyList<InstanceUsage> Measure()
    {
        List<MeteredInstance> running;
        lock (_lock)
            running = [.. _instances.Values.Where(instance => instance.ProcessId is not null).Select(instance => new MeteredInstance(
                instance.Record, instance.Workload!.Command!, _revisions[instance.Supervised.Revision].Revision.Limits))];
        return UsageMeter.Measure(running, guard);
    }

    /// <summary>Kills every instance of an owner, and forgets its revisions.</summary>
    /// <exception cref="IOException">Some processes do not exit. Calling this again is harmless.</exception>
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
                await KillAllAsync(workload, cancellationToken);
            await instance.Life.WaitAsync(cancellationToken);
        }
        Pass();
    }

    /// <summary>Stops the loop. All workloads continue without this engine.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] background;
        lock (_lock)
            background = [.. _instances.Values.SelectMany(instance => (Task[])[instance.Life, instance.Killing]), .. _orphans.Values];
        await Task.WhenAll(background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Acts until there is nothing to do, at most for some rounds. Actions that cannot be done now wait.</summary>
    /// <returns>How long to wait before the next pass.</returns>
    private TimeSpan Pass()
    {
        const int MostRounds = 10;
        lock (_lock)
        {
            DateTimeOffset? next = null;
            for (var round = 0; round < MostRounds; round++)
            {
                var (acted, waitsUntil) = Decide();
                next = acted ? Time.GetUtcNow() : waitsUntil;
                if (!acted)
                    break;
            }
            next = Earlier(next, CatchUp());
            Publish();
            return next is { } at ? Positive(at - Time.GetUtcNow()) : Timeout.InfiniteTimeSpan;
        }
    }

    /// <returns>Whether anything was tried, and when to decide again if nothing happens before.</returns>
    private (bool Acted, DateTimeOffset? Next) Decide()
    {
        var (acted, next) = (false, (DateTimeOffset?)null);
        foreach (var action in Plan(ref next))
        {
            if (NotBefore(action) is { } at && at > Time.GetUtcNow())
            {
                next = Earlier(next, at);
                continue;
            }
            Act(action);
            acted = true;
        }
        ForgetRetired();
        return (acted, next);
    }

    /// <summary>Decides for each revision by itself, so that one for which that fails does not affect the others.</summary>
    private List<SupervisorAction> Plan(ref DateTimeOffset? next)
    {
        var now = Time.GetUtcNow();
        SupervisedRevision[] revisions = [.. _revisions.Values.Select(revision => revision.ToSupervised(_confirmed.Contains(revision.Revision.Id)))];
        var instances = _instances.Values.Select(instance => instance.Supervised).ToLookup(instance => instance.Revision);
        var actions = new List<SupervisorAction>();
        foreach (var revision in revisions)
        {
            SupervisorPlan? plan = null;
            guard.Try(EngineAction.Decide, revision.Id.Value, () => plan = Supervisor.Decide(revision, revisions, instances, now));
            actions.AddRange(plan?.Actions ?? []);
            next = Earlier(next, plan is null ? guard.Find(EngineAction.Decide, revision.Id.Value)?.RetryAt : plan.WakeAt);
        }
        return actions;
    }

    /// <summary>Saves records and deletes files for which that failed earlier.</summary>
    /// <returns>When to retry what failed.</returns>
    private DateTimeOffset? CatchUp()
    {
        DateTimeOffset? next = null;
        foreach (var instance in _instances.Values.Where(instance => instance.IsUnsaved))
            Try(EngineAction.Save, instance.Id, instance.Save);
        foreach (var ((action, id), delete) in _deletions.ToList())
            if (Try(action, id, delete))
                _deletions.Remove((action, id));
        foreach (var ended in _orphans.Where(orphan => orphan.Value.IsCompleted).Select(orphan => orphan.Key).ToList())
            _orphans.Remove(ended);
        guard.KeepOnly([
            .. _instances.Values.Select(instance => instance.Id), .. _revisions.Keys.Select(id => id.Value), .. _orphans.Keys.Select(id => id.Value),
            .. _deletions.Keys.Select(deletion => deletion.Id)]);
        return next;

        bool Try(EngineAction action, string id, Action work)
        {
            var done = guard.Try(action, id, work);
            next = done ? next : Earlier(next, guard.Find(action, id)?.RetryAt);
            return done;
        }
    }

    private void Publish()
    {
        var now = Time.GetUtcNow();
        signals.Snapshots.Publish([.. _instances.Values.OrderBy(i => i.Supervised.Sequence).Select(i => i.Record.ToSnapshot(i.ProcessId, i.Health, now))]);
    }

    private void Save(RevisionRecord record)
    {
        store.Save(record);
        _revisions[record.Revision.Id] = record;
    }

    private void ForgetRetired()
    {
        foreach (var revision in _revisions.Values.Where(r => r.Retired).Select(r => r.Revision.Id).ToList())
            if (_instances.Values.All(instance => instance.Supervised.Revision != revision))
            {
                _revisions.Remove(revision);
                _confirmed.Remove(revision);
                _deletions[(EngineAction.Delete, revision.Value)] = () => store.Delete(revision);
            }
    }

    private InstanceId NewId(string owner)
    {
        while (true)
        {
            var id = new InstanceId($"{owner}-{RandomNumberGenerator.GetString(SuffixAlphabet, SuffixLength)}");
            if (!_instances.ContainsKey(id) && !_deletions.ContainsKey((EngineAction.Delete, id.Value)))
                return id;
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;

    private static TimeSpan Positive(TimeSpan span) => span > TimeSpan.Zero ? span : TimeSpan.Zero;
}
