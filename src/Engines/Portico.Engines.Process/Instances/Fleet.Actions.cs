using Microsoft.Extensions.Logging;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>What the supervisor decides, done. Always under the lock.</summary>
internal sealed partial class Fleet
{
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
            LogPath = _logs.Create(revision.Revision.Owner, id),
            StartedAt = Time.GetUtcNow(),
        };
        var instance = new Instance(record, _store.Save);
        _instances[id] = instance;
        Begin(instance, isRestart: false);
    }

    /// <summary>Everything is written down before the process exists: a later engine finds either no process or its record.</summary>
    private void Begin(Instance instance, bool isRestart)
    {
        var revision = _revisions[instance.Supervised.Revision].Revision;
        try
        {
            _store.SaveNew(instance.Record);
            _plan.MakeStorage(revision);
            var secrets = _store.SecretsOf(revision.Id);
            _plan.MakeSecrets(revision.SecretFiles, secrets);
            var port = PortFor(instance, revision);
            var spec = _plan.ForRevision(revision, revision.Command, port, instance.Record.LogPath, secrets) with { Limits = StartingShare.Of(revision.Limits) };
            Announce(instance, revision, spec);
            var number = (instance.Record.Workload?.Number ?? 0) + 1;
            var state = _launcher.Prepare(_store.DirectoryOf(instance.Record.Id), FileName.Of(instance.Record.Id.Value), number, spec);
            instance.Update(record => Begun(record, isRestart) with { Port = port, Workload = state });
            Follow(instance, _launcher.Start(state, spec), revision);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MissingRuntimeException or RunFailure or ArgumentException)
        {
            CannotStart(instance.Record.Id.Value, e);
            instance.Update(record => Begun(record, isRestart));
            _life.Failed(instance, e.Message);
        }
    }

    private InstanceRecord Begun(InstanceRecord record, bool isRestart) => record with
    {
        StartedAt = Time.GetUtcNow(),
        LogOffset = new FileInfo(record.LogPath) is { Exists: true } log ? log.Length : 0,
        Restarts = record.Restarts + (isRestart ? 1 : 0),
        Address = null,
        Warning = null,
        Supervised = record.Supervised with { ExitedAt = null, Health = InstanceHealth.Unknown, Killed = false },
    };

    private static void Announce(Instance instance, Revision revision, LaunchSpec spec)
    {
        if (revision.Command is Command.Shell shell)
            Logs.LogFile.Append(instance.Record.LogPath, $"Running '{shell.Line}'");
        foreach (var name in Launcher.Unsupported(spec.Environment.Keys))
            Logs.LogFile.Append(instance.Record.LogPath, $"The variable '{name}' is not set: a shell cannot carry this name");
    }

    /// <exception cref="IOException">The one port that the revision may use is taken.</exception>
    private int? PortFor(Instance instance, Revision revision) => revision.Port switch
    {
        PortBinding.Fixed { Port: var port } => Ports.IsFree(port)
            ? port
            : throw new IOException($"Port {port} is taken by another program. Stop that program; it is tried again."),
        PortBinding.Assigned => instance.Record.Port is { } before && Ports.IsFree(before) ? before : _ports.Find(Reserved()),
        _ => null,
    };

    private HashSet<int> Reserved() =>
        [.. _instances.Values.Select(instance => instance.Record.Port).OfType<int>(),
            .. _revisions.Values.Select(revision => revision.Revision.Port).OfType<PortBinding.Fixed>().Select(port => port.Port)];

    private void Follow(Instance instance, Workload workload, Revision revision)
    {
        instance.Workload = workload;
        instance.Health = null;
        instance.Life = Task.Run(() => FollowAsync(instance, workload, revision));
    }

    private async Task FollowAsync(Instance instance, Workload workload, Revision revision)
    {
        try
        {
            await _life.FollowAsync(instance, workload, revision, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The next engine follows it.
        }
        catch (Exception e)
        {
            LifeBroke(instance.Record.Id.Value, e);
            await workload.KillAsync(_stopping.Token);
            _life.Failed(instance, $"Portico could not follow it: {e.Message}");
        }
    }

    private void StopOne(Instance instance, bool comesBack)
    {
        if (!instance.Update(s => s.StoppingSince is null ? s with { StoppingSince = Time.GetUtcNow(), ComesBack = comesBack } : s))
            return;
        if (instance.Workload is { } workload)
            InstanceLife.Stop(workload, _revisions[instance.Supervised.Revision].Revision);
    }

    /// <summary>Its end is seen by whoever follows it.</summary>
    private void KillOne(Instance instance)
    {
        instance.Update(s => s with { Killed = true });
        if (instance.Workload is { } workload)
            _ = Task.Run(() => workload.KillAsync(_stopping.Token));
    }

    private void Remove(InstanceId id)
    {
        if (!_instances.Remove(id, out var instance))
            return;
        _store.Delete(id);
        _logs.Prune(instance.Record.Owner, _options.LogsKept, _instances.Values.Select(i => i.Record.LogPath).ToHashSet());
    }

    private void Adopt(InstanceRecord record)
    {
        var workload = record.Workload is { } state ? _launcher.Attach(state) : null;
        record = record.NotAfter(Time.GetUtcNow());
        // Whether the kill that was decided also happened, nobody knows: it is decided again.
        record = record with { Supervised = record.Supervised with { Killed = false } };
        // Whatever answers there now is somebody else, and nobody may be sent there until its end has been noticed.
        if (workload?.IsRunning is not true)
            record = record with { Address = null, Supervised = record.Supervised with { Health = InstanceHealth.Unknown } };
        var instance = new Instance(record, _store.Save);
        _sequence = Math.Max(_sequence, record.Supervised.Sequence);
        var revision = _revisions.GetValueOrDefault(record.Supervised.Revision);
        if (revision is null)
        {
            Orphan(instance, record);
            return;
        }
        _instances[record.Id] = instance;
        if (record.Supervised.ExitedAt is not null)
            return;
        if (workload is not null)
            Follow(instance, workload, revision.Revision);
        else
            _life.Failed(instance, "It was not started: the engine ended first");
    }

    /// <summary>Its revision's record is gone, so nobody can want it.</summary>
    private void Orphan(Instance instance, InstanceRecord record)
    {
        if (record.Workload is { } state)
            instance.Life = Task.Run(() => _launcher.Attach(state).KillAsync(_stopping.Token));
        _store.Delete(record.Id);
    }

    [LoggerMessage(10, LogLevel.Warning, "Instance {InstanceId} cannot be started")]
    private partial void CannotStart(string instanceId, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "What should be done for the instances cannot be done now; it is tried again")]
    private partial void CannotAct(Exception exception);

    [LoggerMessage(11, LogLevel.Error, "The engine lost track of instance {InstanceId}")]
    private partial void LifeBroke(string instanceId, Exception exception);
}
