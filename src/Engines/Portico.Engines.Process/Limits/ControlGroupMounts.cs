namespace Portico.Engines.Process.Limits;

/// <summary>The control group trees of the machine, and the place of this process in them.</summary>
/// <param name="Mounts">The file system type, mount point and options of every control group tree.</param>
/// <param name="Own">The path of this process, by controllers. Version 2 has the empty name.</param>
internal sealed record ControlGroupMounts(
    IReadOnlyList<(string Type, string Path, string[] Options)> Mounts, IReadOnlyList<(string[] Controllers, string Path)> Own)
{
    public static ControlGroupMounts Read()
    {
        try
        {
            return Parse(File.ReadAllLines("/proc/self/mounts"), File.ReadAllLines("/proc/self/cgroup"));
        }
        catch (IOException)
        {
            return new ControlGroupMounts([], []);
        }
    }

    public static ControlGroupMounts Parse(IEnumerable<string> mounts, IEnumerable<string> own) => new(
        [.. mounts.Select(line => line.Split(' ')).Where(f => f.Length > 3 && f[2] is "cgroup" or "cgroup2").Select(f => (f[2], f[1], f[3].Split(',')))],
        [.. own.Select(line => line.Split(':', 3)).Where(f => f.Length == 3).Select(f => (f[1].Split(','), f[2]))]);

    /// <summary>Returns this process's own group in the controller's tree, so that limits on the engine also apply to its workloads.</summary>
    public string? FindVersion1(string controller)
    {
        var mount = Mounts.FirstOrDefault(m => m.Type == "cgroup" && m.Options.Contains(controller)).Path;
        if (mount is null)
            return null;
        var own = mount + Own.FirstOrDefault(o => o.Controllers.Contains(controller)).Path;
        return Directory.Exists(own) ? own.TrimEnd('/') : mount;
    }

    /// <summary>
    /// Returns where groups can be created. A group that contains processes cannot have children with limits. Root can use the root
    /// group; others can use the parent of their own group, where systemd allows a user's services to create groups.
    /// </summary>
    public IEnumerable<string> FindVersion2()
    {
        var mount = Mounts.FirstOrDefault(m => m.Type == "cgroup2").Path;
        if (mount is null)
            yield break;
        yield return mount;
        var own = Own.FirstOrDefault(o => o.Controllers is [""]).Path;
        if (Path.GetDirectoryName(own) is { Length: > 1 } parent)
            yield return mount + parent;
    }
}
