using System.Globalization;
using Portico.Core.Engines;

namespace Portico.Engines.Process.Workloads;

/// <summary>One workload to start, resolved: nothing in it is to be looked up any more.</summary>
internal sealed record LaunchSpec
{
    /// <summary>An absolute program and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required string Directory { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string LogPath { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>It may wait: whatever else wants the processors and the disk comes first.</summary>
    public bool Background { get; init; }

    /// <summary>Its disk, where that is a file; mounted before anything else.</summary>
    public DiskImage? Disk { get; init; }

    /// <summary>Directories that this workload alone sees in another place too.</summary>
    public IReadOnlyList<BindMount> Mounts { get; init; } = [];

    /// <summary>Files that are put into the directory, with the workload's rights, before the command starts.</summary>
    public SecretFiles? Secrets { get; init; }
}

/// <param name="File">Made when it is missing.</param>
/// <param name="Directory">Where it is mounted; an empty directory for everybody else.</param>
/// <param name="Bytes">It grows to this size before it is mounted; null: it stays as it is.</param>
internal sealed record DiskImage(string File, string Directory, long? Bytes)
{
    /// <summary>For <c>launch.sh</c>.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["__portico_image"] = File,
        ["__portico_image_bytes"] = string.Create(CultureInfo.InvariantCulture, $"{Bytes}"),
        ["__portico_disk"] = Directory,
    };
}

/// <param name="Source">A directory of the engine.</param>
/// <param name="Target">Where the workload sees it; made by the workload when it is missing.</param>
internal sealed record BindMount(string Source, string Target);
