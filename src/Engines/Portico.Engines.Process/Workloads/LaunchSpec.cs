using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Sandboxes;

namespace Portico.Engines.Process.Workloads;

/// <summary>Everything that is needed to start one workload, with all paths and programs resolved.</summary>
internal sealed record LaunchSpec
{
    /// <summary>The absolute path of a program, and its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required string Directory { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public required string LogPath { get; init; }

    public required ResourceLimits Limits { get; init; }

    /// <summary>Its place in the private network; null if that is not known.</summary>
    public NetworkMembership? Membership { get; init; }

    /// <summary>Whether it has a low priority: everything else on the machine gets CPU time and disk access first.</summary>
    public bool Background { get; init; }

    /// <summary>The file of its disk, which is mounted before anything else; null if it has none.</summary>
    public DiskImage? Disk { get; init; }

    /// <summary>The account that it runs as.</summary>
    public required Account Account { get; init; }

    /// <summary>What it sees of the machine and of its own files.</summary>
    public required WorkloadView View { get; init; }

    /// <summary>The name of the machine that it sees.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether <c>/tmp</c> is a directory on the disk, which has more room than memory has.</summary>
    public bool LargeTemporary { get; init; }

    /// <summary>Directories whose files may still belong to another account, and are given to <see cref="Account"/>.</summary>
    public IReadOnlyList<string> Owned { get; init; } = [];

    /// <summary>Files that are put into <see cref="Directory"/>, with the workload's rights, before the command starts.</summary>
    public SecretFiles? Secrets { get; init; }
}

/// <param name="File">The file, which is created if it does not exist.</param>
/// <param name="Directory">Where it is mounted. Other processes see an empty directory.</param>
/// <param name="Bytes">The size to which it grows before it is mounted; null to keep its size.</param>
internal sealed record DiskImage(string File, string Directory, long? Bytes)
{
    /// <summary>The variables for <c>launch.sh</c>.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["__portico_image"] = File,
        ["__portico_image_bytes"] = string.Create(CultureInfo.InvariantCulture, $"{Bytes}"),
        ["__portico_disk"] = Directory,
    };
}
