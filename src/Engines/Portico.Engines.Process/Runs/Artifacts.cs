using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Runs;

/// <summary>The files that builds made, and the toolchain that each was made with.</summary>
internal sealed class Artifacts(EngineHome home, Account account)
{
    /// <summary>An artifact has the name of the build that made it.</summary>
    public static ArtifactId Of(RunId build) => new(build.Value);

    /// <summary>Durable: without it, instances would run with the machine's toolchain after a power cut.</summary>
    public void Remember(ArtifactId artifact, UsedToolchain used) => JsonFile.Write(home.ToolchainOf(artifact), used);

    /// <summary>The toolchain that its instances use.</summary>
    public UsedToolchain ToolchainOf(ArtifactId artifact) => JsonFile.Read<UsedToolchain>(home.ToolchainOf(artifact)) ?? UsedToolchain.Default;

    public async Task DeleteAsync(ArtifactId artifact, CancellationToken cancellationToken)
    {
        await DeleteTree.RunAsync(home.Artifact(artifact), account, cancellationToken);
        File.Delete(home.ToolchainOf(artifact));
    }
}
