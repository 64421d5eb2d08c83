using System.Globalization;
using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Runs;

/// <summary>Manages the files that builds created, and records the toolchain of each build.</summary>
internal sealed class Artifacts(EngineHome home, WorkloadTools tools)
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>Returns the artifact of a build, which has the build's id.</summary>
    public static ArtifactId Of(RunId build) => new(build.Value);

    /// <summary>Records a toolchain durably. Without the record, instances would run with the machine's toolchain after a power cut.</summary>
    public void Remember(ArtifactId artifact, UsedToolchain used) => JsonFile.Write(home.ToolchainOf(artifact), used);

    /// <summary>Returns the toolchain that an artifact's instances use.</summary>
    public UsedToolchain ToolchainOf(ArtifactId artifact) => JsonFile.Read<UsedToolchain>(home.ToolchainOf(artifact)) ?? UsedToolchain.Default;

    /// <summary>Returns the existing directories of an artifact.</summary>
    public IReadOnlyList<string> DirectoriesOf(ArtifactId artifact) =>
        [.. new[] { home.Artifact(artifact), home.GlobalProgramsOf(artifact) }.Where(Directory.Exists)];

    /// <summary>
    /// Gives a finished build to the account of the owner's instances. No process of the build is left, so nothing changes while it is
    /// being given away. The group keeps reading it, because the next build reuses packages of this one.
    /// </summary>
    public async Task GiveToInstancesAsync(ArtifactId artifact, string owner, CancellationToken cancellationToken)
    {
        var accounts = tools.Identities.Of(owner);
        if (accounts.Run.Numbers is not { } run || accounts.Build.Numbers is not { } build)
            return;
        var directories = DirectoriesOf(artifact);
        // Only what belongs to the build: a hard link in it may lead to a file of somebody else.
        await Tool.RunAsync(
            ["chown", "-R", "-h", string.Create(CultureInfo.InvariantCulture, $"--from={build.User}"), run.User.ToString(CultureInfo.InvariantCulture), "--", .. directories],
            cancellationToken);
        // They lie in directories of the engine, so no link can have taken their place.
        foreach (var directory in directories)
            File.SetUnixFileMode(directory, OwnerAndGroup);
    }

    public async Task DeleteAsync(ArtifactId artifact, CancellationToken cancellationToken)
    {
        await DeleteTree.RunAsync(home.Artifact(artifact), tools, cancellationToken);
        await DeleteTree.RunAsync(home.GlobalProgramsOf(artifact), tools, cancellationToken);
        File.Delete(home.ToolchainOf(artifact));
    }
}
