using System.Formats.Tar;
using Portico.Core.Engines;
using Portico.Engines.Process.Runs;
using Portico.Hosting;

namespace Portico.Engines.Process.Tests;

/// <summary>A tar file that a program wrote which hostile content had taken over.</summary>
public sealed class PlainFilesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-plain-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Only_files_and_directories_are_written()
    {
        var copy = await ExtractAsync(
            new PaxTarEntry(TarEntryType.Directory, "./"),
            new PaxTarEntry(TarEntryType.SymbolicLink, "./link") { LinkName = "/etc" },
            new PaxTarEntry(TarEntryType.HardLink, "./hard") { LinkName = "/etc/passwd" },
            new PaxTarEntry(TarEntryType.Fifo, "./pipe"),
            new PaxTarEntry(TarEntryType.BlockDevice, "./disk") { DeviceMajor = 8 },
            new PaxTarEntry(TarEntryType.CharacterDevice, "./memory") { DeviceMajor = 1, DeviceMinor = 1 },
            File("./a/b", "content"));
        Assert.Equal(["a", "a/b"], Directory.GetFileSystemEntries(copy, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(copy, path)).Order(StringComparer.Ordinal));
        Assert.Equal("content", await System.IO.File.ReadAllTextAsync(Path.Combine(copy, "a", "b"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("./a/../../outside")]
    [InlineData("/tmp/outside-of-a-copy")]
    public async Task A_name_that_leaves_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArtifactException>(() => ExtractAsync(File(name, "x")));
        Assert.False(Path.Exists(Path.Combine(_root, "copy", name)));
    }

    [Fact]
    public async Task A_link_and_a_file_below_it_give_a_directory()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_root, "outside")).FullName;
        var copy = await ExtractAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = outside }, File("link/file", "x"));
        Assert.Empty(Directory.GetFileSystemEntries(outside));
        Assert.Null(new DirectoryInfo(Path.Combine(copy, "link")).LinkTarget);
    }

    private static PaxTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)) };

    private async Task<string> ExtractAsync(params TarEntry[] entries)
    {
        var token = TestContext.Current.CancellationToken;
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, leaveOpen: true))
            foreach (var entry in entries)
                await writer.WriteEntryAsync(entry, token);
        tar.Position = 0;
        var copy = Directory.CreateDirectory(Path.Combine(_root, "copy")).FullName;
        await PlainFiles.ExtractAsync(tar, copy, new CountedWriting(new DiskReserve(_root, 0)), token);
        return copy;
    }
}
