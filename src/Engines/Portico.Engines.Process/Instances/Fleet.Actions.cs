using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Workloads;
using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Instances;

/// <summary>Carries out the supervisor's decisions. All methods run under the lock and throw nothing that concerns only one instance.</summary>
internal sealed partial class Fleet
{
    /// <summary>The delay after a failure of the whole machine, which says nothing about the instance.</summary>
    private static readonly TimeSpan MachinePause = TimeSpan.FromSeconds(5);

    private void Act(SupervisorAction action)
    {
        var (kind, id) = Describe(action);
        if (action is SupervisorAction.Start start)
            Begin(_instances[start.Instance], isRestart: true);
        else
            guard.Try(kind, id, () => Carry(action));
    }

    private void Carry(SupervisorAction action)
    {
        switch (action)
        {
            case SupervisorAction.Create create:
                Create(_revisions[create.Revision]);
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

    /// <summary>Returns the time before which an action must not be retried; null if there is none.</summary>
    private DateTimeOffset? NotBefore(SupervisorAction action)
    {
        if (action is SupervisorAction.Start start)
            return _instances[start.Instance].NotBefore;
        var (kind, id) = Describe(action);
        return guard.Find(kind, id)?.RetryAt;
    }

    private static (EngineAction Action, string Id) Describe(SupervisorAction action) => action switch
    {
        SupervisorAction.Create create => (EngineAction.Create, create.Revision.Value),
        SupervisorAction.Start start => (EngineAction.Start, start.Instance.Value),
        SupervisorAction.Drain drain => (EngineAction.Drain, drain.Instance.Value),
        SupervisorAction.Stop stop => (EngineAction.Stop, stop.Instance.Value),
        SupervisorAction.Kill kill => (EngineAction.Kill, kill.Instance.Value),
        SupervisorAction.Remove remove => (EngineAction.Remove, remove.Instance.Value),
        _ => throw new ArgumentException($"The action {action} is unknown.", nameof(action)),
    };

    private void Create(RevisionRecord revision)
    {
        var id = NewId(revision.Revision.Owner);
        var record = new InstanceRecord
        {
            Supervised = new SupervisedInstance
            {
                Id = id,
                Revision = revision.Revision.Id,
                Sequence = ++_sequence,
                RestartToken = revision.RestartToken,
            },
            Owner = revision.Revision.Owner,
            LogPath = logs.Add(revision.Revision.Owner, id),
            StartedAt = Time.GetUtcNow(),
        };
        var instance = NewInstance(record);
        _instances[id] = instance;
        Begin(instance, isRestart: false);
    }

    private Instance NewInstance(InstanceRecord record) => new(record, changed =>
    {
        guard.Begin(EngineAction.Save, changed.Id.Value);
        store.Save(changed);
    });

    /// <summary>
    /// Starts an instance. A failure counts as a crash, after which the supervisor retries with growing back-off. A failure of the
    /// whole machine only delays the start.
    /// </summary>
    private void Begin(Instance instance, bool isRestart)
    {
        try
        {
            guard.Begin(EngineAction.Start, instance.Id);
            var revision = _revisions[instance.Supervised.Revision].Revision;
            Follow(instance, starter.Start(instance, revision, isRestart, Reserved()), revision);
            guard.Succeeded(EngineAction.Start, instance.Id);
        }
        catch (Exception e)
        {
            var isAttempt = !MachineFailure.Is(e);
            if (!isAttempt)
                instance.NotBefore = Time.GetUtcNow() + MachinePause;
            guard.Failed(EngineAction.Start, instance.Id, e);
            instance.Update(record => starter.Started(record, isRestart && isAttempt));
            life.RecordFailedStart(instance, e.Message, isAttempt);
        }
    }

    private HashSet<int> Reserved() =>
        [.. _instances.Values.Select(instance => instance.Record.Port).OfType<int>(),
            .. _revisions.Values.Select(revision => revision.Revision.Port).OfType<PortBinding.Fixed>().Select(port => port.Port)];

    private void Follow(Instance instance, Workload workload, Revision revision)
    {
        instance.Workload = workload;
        instance.Health = null;
        instance.Life = Task.Run(() => life.FollowAsync(instance, workload, revision, _stopping.Token));
    }

    private void StopOne(Instance instance, bool comesBack)
    {
        if (!instance.Update(s => s.StoppingSince is null ? s with { StoppingSince = Time.GetUtcNow(), ComesBack = comesBack } : s))
            return;
        if (instance.Workload is { } workload)
            InstanceLifecycle.Stop(workload, _revisions[instance.Supervised.Revision].Revision);
    }

    /// <summary>Kills an instance in the background until no process is left. The task that follows the instance observes its end.</summary>
    private void KillOne(Instance instance)
    {
        instance.Update(s => s with { Killed = true });
        if (instance.Workload is { } workload)
            instance.Killing = Task.Run(() => guard.UntilSucceededAsync(EngineAction.Kill, instance.Id, token => KillAllAsync(workload, token), _stopping.Token));
    }

    private static async Task KillAllAsync(Workload workload, CancellationToken cancellationToken)
    {
        if (!await workload.KillAsync(cancellationToken))
            throw new IOException("Some of its processes do not exit, even after SIGKILL. They may be waiting for a disk or network drive that does not respond.");
    }

    /// <summary>Forgets an instance immediately. Its files are deleted as soon as possible.</summary>
    private void Remove(InstanceId id)
    {
        if (!_instances.Remove(id, out var instance))
            return;
        var owner = instance.Record.Owner;
        _deletions[(EngineAction.Delete, id.Value)] = () => store.Delete(id);
        _deletions[(EngineAction.PruneLogs, owner)] = () => logs.Prune(owner, _instances.Values.Select(i => i.Record.LogPath).ToHashSet());
    }

    private void Adopt(InstanceRecord record)
    {
        record = record.NotAfter(Time.GetUtcNow());
        // It is unknown whether a kill that was decided also happened, so it is decided again.
        record = record with { Supervised = record.Supervised with { Killed = false } };
        var instance = NewInstance(record);
        _sequence = Math.Max(_sequence, record.Supervised.Sequence);
        if (_revisions.GetValueOrDefault(record.Supervised.Revision) is not { } revision)
        {
            AdoptOrphan(record);
            return;
        }
        var workload = record.Workload is { } state ? Attach(record.Id, state) : null;
        // Another program may listen on the address now. It gets no requests until the end of this instance is recorded.
        if (workload?.IsRunning is not true)
            instance = NewInstance(record with { Address = null, Supervised = record.Supervised with { Health = InstanceHealth.Unknown } });
        _instances[record.Id] = instance;
        if (record.Supervised.ExitedAt is not null)
            return;
        if (workload is not null)
            Follow(instance, workload, revision.Revision);
        else
            life.RecordFailedStart(instance, "The engine ended before it started this instance", isAttempt: true);
    }

    /// <summary>Attaches to a workload. A failure delays nothing: the task that follows the workload looks for its main process again.</summary>
    private Workload Attach(InstanceId id, WorkloadState state)
    {
        var workload = launcher.Attach(state);
        guard.Try(EngineAction.Follow, id.Value, () => workload.TryFindMain());
        return workload;
    }

    /// <summary>Kills and forgets an instance whose revision is no longer recorded, because no caller can need it.</summary>
    private void AdoptOrphan(InstanceRecord record)
    {
        if (store.Has(record.Supervised.Revision))
        {
            LogUnmanaged(record.Id.Value, record.Supervised.Revision.Value);
            return;
        }
        _orphans[record.Id] = Task.Run(() => EndOrphanAsync(record));
    }

    private async Task EndOrphanAsync(InstanceRecord record)
    {
        if (record.Workload is { } state)
            await guard.UntilSucceededAsync(
                EngineAction.Kill, record.Id.Value, token =>
                {
                    var workload = launcher.Attach(state);
                    workload.TryFindMain();
                    return KillAllAsync(workload, token);
                },
                _stopping.Token);
        lock (_lock)
            _deletions[(EngineAction.Delete, record.Id.Value)] = () => store.Delete(record.Id);
        signals.Wake.Set();
    }

    [LoggerMessage(EventName = "InstanceUnmanaged", Level = LogLevel.Error, Message = "Instance {InstanceId} is not managed until Portico restarts, because the record of its revision {RevisionId} cannot be read.")]
    private partial void LogUnmanaged(string instanceId, string revisionId);
}
