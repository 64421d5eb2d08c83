using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Tests;

/// <summary>What a build left may claim to be larger than it is on the disk, and is not when it is copied.</summary>
public sealed class ArtifactExportTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-export-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task A_sparse_file_is_copied_only_as_far_as_the_disks_reserve_allows()
    {
        var artifact = Directory.CreateDirectory(Path.Combine(_root, "artifact")).FullName;
        using (var sparse = File.Create(Path.Combine(artifact, "sparse.bin")))
            sparse.SetLength(2L << 30);
        var free = new DriveInfo(_root).AvailableFreeSpace;
        var reserve = new DiskReserve(_root, free - (64L << 20));

        var home = new EngineHome(Path.Combine(_root, "engine"), TimeProvider.System);
        var tools = new WorkloadTools(home, new Identities(home, new Account(Environment.UserName, null), range: null), sandbox: null);
        var error = await Assert.ThrowsAsync<ArtifactException>(() => ArtifactExport.RunAsync(
            artifact, "", Path.Combine(_root, "copy"), tools, reserve, TestContext.Current.CancellationToken));

        Assert.Contains("PORTICO_MIN_FREE_DISK_MEGABYTES", error.Message, StringComparison.Ordinal);
    }
}
