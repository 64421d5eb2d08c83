using Portico.Core.Engines;
using Portico.Engines.Process.Actions;
using Portico.Engines.Process.Instances;
using Portico.Engines.Process.Limits;
using Portico.Engines.Process.Native;

namespace Portico.Engines.Process.Usage;

/// <summary>A running instance, with everything that is needed to measure it.</summary>
internal sealed record MeteredInstance(InstanceRecord Record, ProcessIdentity Main, ResourceLimits Limits)
{
    public IReadOnlyList<string> Groups => Record.Workload?.Groups ?? [];
}

/// <summary>Measures instances by their control groups, which count exactly. Without control groups, it adds up their processes.</summary>
internal static class UsageMeter
{
    /// <summary>Measures all instances, and leaves out those that cannot be measured.</summary>
    public static IReadOnlyList<InstanceUsage> Measure(IReadOnlyList<MeteredInstance> running, ActionGuard guard)
    {
        // Read once for all instances, and only if it is needed.
        var processes = new Lazy<List<ProcStat>>(ProcStat.ReadAll, LazyThreadSafetyMode.PublicationOnly);
        var measured = new List<InstanceUsage>();
        foreach (var instance in running)
            guard.Try(EngineAction.Measure, instance.Record.Id.Value, () => measured.AddRange(Measure(instance, processes) is { } usage ? [usage] : []));
        return measured;
    }

    private static InstanceUsage? Measure(MeteredInstance instance, Lazy<List<ProcStat>> processes)
    {
        var cpu = ControlGroupUsage.CpuTime(instance.Groups);
        var memory = ControlGroupUsage.Memory(instance.Groups);
        if (cpu is null || memory is null)
        {
            var members = MembersOf(instance, processes.Value);
            if (members.Count == 0)
                return null;
            cpu ??= members.Aggregate(TimeSpan.Zero, (sum, process) => sum + process.CpuTime);
            memory ??= ProcessMemory.Of(members.Select(process => process.Pid));
        }
        return new InstanceUsage(instance.Record.Id, instance.Record.Owner, cpu.Value, memory.Value, instance.Limits);
    }

    private static List<ProcStat> MembersOf(MeteredInstance instance, List<ProcStat> processes)
    {
        if (instance.Groups.Count > 0)
        {
            var members = ControlGroups.Members(instance.Groups).ToHashSet();
            return [.. processes.Where(process => members.Contains(process.Pid))];
        }
        var main = instance.Main;
        return [.. processes.Where(process => !process.IsDead && process.StartTime >= main.StartTime
            && (process.Group == main.Pid || process.Session == main.Pid))];
    }
}
