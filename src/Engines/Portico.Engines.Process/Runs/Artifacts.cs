using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Runs;

/// <summary>What builds made, and what each was made with.</summary>
internal sealed class Artifacts(EngineHome home, Account account)
{
    public void Remember(ArtifactId artifact, UsedToolchain used) => JsonFile.Write(home.ToolchainOf(artifact), used);

    /// <summary>What runs in it runs with this.</summary>
    public UsedToolchain ToolchainOf(ArtifactId artifact) => JsonFile.Read<UsedToolchain>(home.ToolchainOf(artifact)) ?? UsedToolchain.Default;

    public async Task DeleteAsync(ArtifactId artifact, CancellationToken cancellationToken)
    {
        await DeleteTree.RunAsync(home.Artifact(artifact), account, cancellationToken);
        File.Delete(home.ToolchainOf(artifact));
    }
}
