using System.Globalization;
using Portico.Core.Engines;
using Portico.Hosting;

namespace Portico.Engines.Process.Limits;

/// <summary>Limits memory, CPU and processes with the kernel's control groups, version 1 or 2, if the engine can write them.</summary>
internal sealed class ControlGroups
{
    private const string Memory = "memory", Cpu = "cpu", Processes = "pids";

    /// <summary>In version 1, a separate controller counts CPU time. In version 2, every group does.</summary>
    private const string CpuAccounting = "cpuacct";

    private const int CpuPeriodMicroseconds = 100_000;
    private const string BackgroundSuffix = "-builds", AttachedPrefix = "attached-";

    /// <summary>A quarter of the weight of one other process.</summary>
    private const string BackgroundWeight = "25", BackgroundShares = "256";

    private static readonly LimitSupport NotWritable = new(
        Enforced: false, "Portico cannot write the kernel's control groups. Start it as root, or in a systemd unit with Delegate=yes.");
    private static readonly LimitSupport Applied = new(Enforced: true, Reason: null);

    /// <summary>The directory in which groups are created, by controller. In version 2, all controllers have the same one.</summary>
    private readonly Dictionary<string, string> _parents;
    private readonly bool _unified;

    private ControlGroups(Dictionary<string, string> parents, bool unified) => (_parents, _unified) = (parents, unified);

    /// <summary>
    /// Groups for builds. They are beside the other groups and not among them, so that builds yield to everything on the machine,
    /// including the edge and the server, and not only to other workloads.
    /// </summary>
    public ControlGroups? Background { get; private init; }

    private ControlGroups(ControlGroups other) : this(other._parents, other._unified) { }

    /// <summary>Enforces no limits.</summary>
    public static ControlGroups None { get; } = new([], unified: false);

    public LimitSupport MemoryLimit => _parents.ContainsKey(Memory) ? Applied : NotWritable;

    public LimitSupport CpuLimit => _parents.ContainsKey(Cpu) ? Applied : NotWritable;

    public bool LimitsProcesses => _parents.ContainsKey(Processes);

    /// <param name="name">The name of the parent group, one per platform on this machine.</param>
    public static ControlGroups Detect(string name)
    {
        var background = DetectOne(name + BackgroundSuffix);
        background.SetIdle(true);
        return new ControlGroups(DetectOne(name)) { Background = background };
    }

    private static ControlGroups DetectOne(string name)
    {
        var places = ControlGroupMounts.Read();
        var parents = new Dictionary<string, string>();
        foreach (var controller in (string[])[Memory, Cpu, Processes, CpuAccounting])
            if (places.FindVersion1(controller) is { } place && TryMake(Path.Combine(place, name)))
                parents[controller] = Path.Combine(place, name);
        if (parents.Count > 0)
            return new ControlGroups(parents, unified: false);

        foreach (var place in places.FindVersion2())
            if (Delegate(place, Path.Combine(place, name)) is { Count: > 0 } controllers)
                return new ControlGroups(controllers.ToDictionary(c => c, _ => Path.Combine(place, name)), unified: true);
        return new ControlGroups([], unified: false);
    }

    /// <summary>Creates the group of one workload.</summary>
    /// <returns>Its directories; empty if no limit can be enforced.</returns>
    public IReadOnlyList<string> Create(string name, ResourceLimits limits, int processes)
    {
        var directories = _parents.ToDictionary(parent => parent.Key, parent => Path.Combine(parent.Value, name));
        foreach (var directory in directories.Values.Distinct())
            Directory.CreateDirectory(directory);
        if (limits.MemoryBytes is { } bytes && directories.TryGetValue(Memory, out var memory))
            LimitMemory(memory, bytes.ToString(CultureInfo.InvariantCulture));
        if (limits.CpuMillis is { } millis && directories.TryGetValue(Cpu, out var cpu))
            LimitCpu(cpu, millis);
        if (directories.TryGetValue(Processes, out var pids))
            ControlGroupFile.Write(pids, "pids.max", processes.ToString(CultureInfo.InvariantCulture));
        return [.. directories.Values.Distinct()];
    }

    /// <summary>
    /// Gives all processes in these groups only idle CPU time, or a quarter of the weight of one other process. Older kernels support
    /// only weights.
    /// </summary>
    public void SetIdle(bool idle)
    {
        if (!_parents.TryGetValue(Cpu, out var cpu) || (ControlGroupFile.TryWrite(cpu, "cpu.idle", idle ? "1" : "0") && idle))
            return;
        ControlGroupFile.TryWrite(cpu, _unified ? "cpu.weight" : "cpu.shares", _unified ? BackgroundWeight : BackgroundShares);
    }

    /// <summary>The CPU time of all processes that were ever in these groups; null if the kernel does not count it.</summary>
    public TimeSpan? CpuTime => Usage.ControlGroupUsage.CpuTime([.. _parents.Values.Distinct()]);

    /// <summary>Removes the empty groups of workloads that ended while no engine was running.</summary>
    public void RemoveAllBut(IReadOnlySet<string> used)
    {
        foreach (var parent in _parents.Values.Distinct())
            Remove([.. DirectoryEntries.Directories(parent).Where(group => !used.Contains(group))]);
        Background?.RemoveAllBut(used);
    }

    /// <summary>Removes the parent groups if they contain no workload.</summary>
    public void RemoveParents()
    {
        Remove([.. _parents.Values.Distinct()]);
        Background?.RemoveParents();
    }

    /// <summary>
    /// Removes every group. Call it when no workload is left. The kernel refuses for a moment after the last process of a group ended.
    /// </summary>
    public async Task RemoveAllAsync(TimeProvider time)
    {
        const int MostTries = 40;
        for (var i = 0; i < MostTries && (_parents.Values.Any(Directory.Exists) || Background?._parents.Values.Any(Directory.Exists) is true); i++)
        {
            if (i > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(25), time, CancellationToken.None);
            RemoveAllBut(new HashSet<string>());
            RemoveParents();
        }
    }

    /// <summary>Returns the existing groups of all workloads, including builds.</summary>
    public IEnumerable<string> Children() => _parents.Values.Distinct().SelectMany(DirectoryEntries.Directories)
        .Concat(Background?.Children() ?? []);

    public static void Remove(IReadOnlyList<string> directories)
    {
        foreach (var directory in directories)
        {
            foreach (var attached in AttachedIn(directory))
                ControlGroupFile.TryRemove(attached);
            ControlGroupFile.TryRemove(directory);
        }
    }

    /// <summary>Creates a group of its own for an attached command among those of a workload, so that everything the command starts can be ended.</summary>
    /// <returns>The groups that the command joins; the new one is the first. Empty if the workload has none.</returns>
    public static IReadOnlyList<string> Attach(IReadOnlyList<string> directories, string name)
    {
        if (directories.Count == 0)
            return [];
        var chosen = directories.FirstOrDefault(directory => File.Exists(Path.Combine(directory, "pids.max"))) ?? directories[0];
        var own = Path.Combine(chosen, AttachedPrefix + name);
        Directory.CreateDirectory(own);
        return [own, .. directories.Where(directory => directory != chosen)];
    }

    private static string[] AttachedIn(string directory) => DirectoryEntries.Directories(directory, AttachedPrefix + "*");

    /// <summary>
    /// Prevents processes in the group from forking, so that a program that forks endlessly cannot escape being killed, and kills all
    /// of them at once if the kernel supports it (version 2).
    /// </summary>
    public static void Kill(IReadOnlyList<string> directories)
    {
        foreach (var directory in directories)
        {
            if (File.Exists(Path.Combine(directory, "pids.max")))
                ControlGroupFile.TryWrite(directory, "pids.max", "0");
            ControlGroupFile.TryWrite(directory, "cgroup.kill", "1");
        }
    }

    /// <summary>Changes the CPU limit of a group that has one.</summary>
    public static void LimitCpu(IReadOnlyList<string> directories, int millis)
    {
        foreach (var directory in directories)
        {
            if (File.Exists(Path.Combine(directory, "cpu.max")))
                ControlGroupFile.TryWrite(directory, "cpu.max", Maximum(millis));
            else if (File.Exists(Path.Combine(directory, "cpu.cfs_quota_us")))
                ControlGroupFile.TryWrite(directory, "cpu.cfs_quota_us", Quota(millis));
        }
    }

    public static IEnumerable<int> Members(IReadOnlyList<string> directories) =>
        directories.SelectMany(directory => AttachedIn(directory).Prepend(directory)).SelectMany(directory => ControlGroupFile.Lines(directory, "cgroup.procs"))
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))
            .Where(pid => pid > 0)
            .Distinct();

    /// <summary>Whether the kernel killed a process in the group because the group had used up its memory.</summary>
    public static bool RanOutOfMemory(IReadOnlyList<string> directories) =>
        directories.SelectMany(directory => ControlGroupFile.Lines(directory, "memory.events")
                .Concat(ControlGroupFile.Lines(directory, "memory.oom_control")))
            .Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    private void LimitMemory(string directory, string bytes)
    {
        ControlGroupFile.Write(directory, _unified ? "memory.max" : "memory.limit_in_bytes", bytes);
        // Not every kernel accounts for swap.
        ControlGroupFile.TryWrite(directory, _unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes", _unified ? "0" : bytes);
    }

    private void LimitCpu(string directory, int millis)
    {
        if (_unified)
            ControlGroupFile.Write(directory, "cpu.max", Maximum(millis));
        else
            ControlGroupFile.Write(directory, "cpu.cfs_quota_us", Quota(millis));
    }

    private static string Maximum(int millis) => $"{Quota(millis)} {CpuPeriodMicroseconds}";

    private static string Quota(int millis) => ((long)millis * CpuPeriodMicroseconds / 1000).ToString(CultureInfo.InvariantCulture);

    /// <summary>Enables the controllers for the children of a group, which version 2 requires.</summary>
    private static List<string> Delegate(string place, string parent)
    {
        if (!TryMake(parent))
            return [];
        var enabled = new List<string>();
        foreach (var controller in (string[])[Memory, Cpu, Processes])
        {
            ControlGroupFile.TryWrite(place, "cgroup.subtree_control", "+" + controller);
            if (ControlGroupFile.TryWrite(parent, "cgroup.subtree_control", "+" + controller))
                enabled.Add(controller);
        }
        if (enabled.Count == 0)
            ControlGroupFile.TryRemove(parent);
        return enabled;
    }

    private static bool TryMake(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return File.Exists(Path.Combine(directory, "cgroup.procs"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
