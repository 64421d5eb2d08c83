namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The secret files of one workload, as it sees them. If the engine can give it its own mounts, they are at
/// <see cref="MountPath"/> and the working directory contains links to them. Otherwise it contains copies.
/// </summary>
/// <param name="Directory">Where the workload finds them.</param>
internal sealed record SecretFiles(string Directory, IReadOnlyList<string> Names, bool IsMounted)
{
    public const string MountPath = "/etc/secrets";
}
