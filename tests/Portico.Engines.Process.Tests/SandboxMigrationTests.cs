using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>Files of a version in which all workloads shared one account.</summary>
public sealed class SandboxMigrationTests : ProcessEngineTest
{
    [Theory]
    [InlineData(null)]
    [InlineData(32L << 20)]
    public async Task Artifact_and_disk_of_an_earlier_version_run_in_a_sandbox(long? size)
    {
        Require(IsRoot && Engine.Capabilities.Isolation, "Only root gives files to another account.");
        Require(size is null || Engine.Capabilities.DiskSizeRestriction is null, Engine.Capabilities.DiskSizeRestriction ?? "");
        var disk = new DiskMount("dsk-1", "/var/data") { SizeBytes = size };
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf("dep-b", "echo built > page; chmod 600 page; mkdir -m 700 inner; echo deep > inner/page"))).Artifact!.Value;
        var before = Shell("dep-1", "mkdir -p -m 700 /var/data/own; echo kept > /var/data/own/file; chmod 600 /var/data/own/file; exec sleep 300") with { Artifact = artifact, Disk = disk };
        await Engine.EnsureAsync(before, 1, Token);
        await UntilReadyAsync(before.Id, 1);
        await Engine.RetireAsync(before.Id, Token);
        await UntilGoneAsync(before.Id);
        var home = new EngineHome(Fixture.Home, TimeProvider.System);
        await MakeOldAsync(home, artifact, disk);

        var path = home.Artifact(artifact);
        var after = Shell("dep-2", $"cat {path}/page inner/page /var/data/own/file; echo more >> /var/data/own/file && echo changed > page && echo done; exec sleep 300") with { Artifact = artifact, Disk = disk };
        await Engine.EnsureAsync(after, 1, Token);
        await UntilReadyAsync(after.Id, 1);
        var log = await Eventually.BecomesAsync(async () => await ReadAsync(new LogQuery { Owner = Owner }), lines => lines.Contains("done"), Patience, "read and written");
        Assert.Equal(["built", "deep", "kept", "done"], log.TakeLast(4));
    }

    /// <summary>Gives the files to the account that everything had, and forgets that they were built in a sandbox.</summary>
    private static async Task MakeOldAsync(EngineHome home, ArtifactId artifact, DiskMount disk)
    {
        var record = await File.ReadAllTextAsync(home.ToolchainOf(artifact), Token);
        await File.WriteAllTextAsync(home.ToolchainOf(artifact), record.Replace("\"BuiltInSandbox\":true", "\"BuiltInSandbox\":false", StringComparison.Ordinal), Token);
        List<string> script = [$"chown -R portico:portico {home.Artifact(artifact)}", $"chmod 700 {home.Artifact(artifact)}"];
        if (disk.SizeBytes is null)
            script.Add($"chown -R portico:portico {home.Disk(disk.Id)}");
        else
            script.Add($"mount -o loop {home.DiskImage(disk.Id)} {home.Disk(disk.Id)} && chown -R portico:portico {home.Disk(disk.Id)}");
        var made = await Tool.RunAsync(["unshare", "--mount", "--propagation", "private", "--", "/bin/bash", "-ec", string.Join('\n', script)], Token);
        Assert.True(made.Succeeded, made.Error);
    }
}
