using System.Globalization;
using System.Net;
using Portico.Core.Engines;
using Portico.Core.Supervision;
using Portico.Engines.Process.Logs;
using Portico.Engines.Process.Workloads;

namespace Portico.Engines.Process.Instances;

/// <summary>Starts an instance: it prepares directories, files, port and variables, writes the record, and starts the process.</summary>
internal sealed class InstanceStarter(InstanceStore store, LogStore logs, Ports ports, WorkloadPlan plan, Launcher launcher, TimeProvider time)
{
    /// <summary>The default of <c>PORT</c> on Render.</summary>
    private const int UsualPort = 10_000;

    /// <summary>Starts an instance. The record is written first, so a later engine never finds a process without its record.</summary>
    /// <param name="reserved">Ports that belong to other instances, whether they listen on them or not.</param>
    /// <exception cref="Exception">It cannot be started now, and no process was started.</exception>
    public Workload Start(Instance instance, Revision revision, bool isRestart, IReadOnlySet<int> reserved)
    {
        logs.MakeDirectory(instance.Record.Owner);
        instance.Save();
        plan.MakeStorage(revision);
        var secrets = store.SecretsOf(revision.Id);
        plan.MakeSecrets(revision.SecretFiles, secrets, plan.AccountOf(revision.Owner));
        var port = PortFor(instance, revision, reserved);
        var spec = plan.ForRevision(revision, revision.Command, instance.Id, port, instance.Record.LogPath, secrets) with { Limits = StartupCpuShare.Of(revision.Limits) };
        Announce(instance, revision, spec);
        var number = (instance.Record.Workload?.Number ?? 0) + 1;
        var state = launcher.Prepare(store.DirectoryOf(instance.Record.Id), FileName.Of(instance.Id), number, spec);
        try
        {
            instance.Commit(record => Started(record, isRestart) with { Port = port, Workload = state });
            return launcher.Start(state, spec);
        }
        catch
        {
            launcher.Abandon(state);
            throw;
        }
    }

    /// <summary>Returns the record of an instance whose start has begun.</summary>
    public InstanceRecord Started(InstanceRecord record, bool isRestart) => record with
    {
        StartedAt = time.GetUtcNow(),
        LogOffset = LogFile.LengthOf(record.LogPath),
        Restarts = record.Restarts + (isRestart ? 1 : 0),
        Address = null,
        Warning = null,
        Supervised = record.Supervised with { ExitedAt = null, Health = InstanceHealth.Unknown, Killed = false },
    };

    private static void Announce(Instance instance, Revision revision, LaunchSpec spec)
    {
        if (revision.Command is Command.Shell shell)
            LogFile.Append(instance.Record.LogPath, $"Running '{shell.Line}'");
        foreach (var name in ShellVariables.Unsupported(spec.Environment.Keys))
            LogFile.Append(instance.Record.LogPath, $"The environment variable '{name}' is not set: bash, which runs the command, has a variable of this name itself");
    }

    /// <summary>Returns the value of <c>PORT</c> that the user set, if it is a port.</summary>
    private static int? ChosenPort(Revision revision) =>
        revision.Environment.TryGetValue("PORT", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
        && port is > 0 and <= IPEndPoint.MaxPort ? port : null;

    /// <exception cref="IOException">The only port that the revision can use is in use, or all ports are.</exception>
    private int? PortFor(Instance instance, Revision revision, IReadOnlySet<int> reserved) => revision.Port switch
    {
        // No other workload listens in its network namespace.
        PortBinding.Fixed { Port: var port } when launcher.HasNetwork(revision.Network) => port,
        PortBinding.Assigned when launcher.HasNetwork(revision.Network) => ChosenPort(revision) ?? UsualPort,
        PortBinding.Fixed { Port: var port } => Ports.IsFree(port)
            ? port
            : throw new IOException($"Port {port} is in use by another program. Stop that program. Portico retries the start."),
        PortBinding.Assigned => instance.Record.Port is { } before && Ports.IsFree(before) ? before : ports.Find(reserved),
        _ => null,
    };
}
