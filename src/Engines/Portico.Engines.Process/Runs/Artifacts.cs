using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Runs;

/// <summary>Manages the files that builds created, and records the toolchain of each build.</summary>
internal sealed class Artifacts(EngineHome home, Account account)
{
    /// <summary>Returns the artifact of a build, which has the build's id.</summary>
    public static ArtifactId Of(RunId build) => new(build.Value);

    /// <summary>Records a toolchain durably. Without the record, instances would run with the machine's toolchain after a power cut.</summary>
    public void Remember(ArtifactId artifact, UsedToolchain used) => JsonFile.Write(home.ToolchainOf(artifact), used);

    /// <summary>Returns the toolchain that an artifact's instances use.</summary>
    public UsedToolchain ToolchainOf(ArtifactId artifact) => JsonFile.Read<UsedToolchain>(home.ToolchainOf(artifact)) ?? UsedToolchain.Default;

    public async Task DeleteAsync(ArtifactId artifact, CancellationToken cancellationToken)
    {
        await DeleteTree.RunAsync(home.Artifact(artifact), account, cancellationToken);
        await DeleteTree.RunAsync(home.GlobalProgramsOf(artifact), account, cancellationToken);
        File.Delete(home.ToolchainOf(artifact));
    }
}
