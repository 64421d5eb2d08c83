namespace Portico.Engines.Process.Workloads;

/// <summary>
/// The secret files of one workload, as it sees them. Where the engine can give it a view of its own, they are at
/// <see cref="MountPath"/> and the working directory holds links to them; elsewhere it holds copies.
/// </summary>
/// <param name="Directory">Where the workload finds them.</param>
internal sealed record SecretFiles(string Directory, IReadOnlyList<string> Names, bool IsMounted)
{
    public const string MountPath = "/etc/secrets";
}
