using Portico.Core.Engines;

namespace Portico.Engines.Process.Tests;

/// <summary>What a build left is copied in order to be published. The copy holds the build's own plain files, whatever it made.</summary>
public sealed class HostileExportTests : ProcessEngineTest
{
    [Fact]
    public async Task Pipes_and_sockets_are_left_out_and_no_file_keeps_special_rights()
    {
        var copy = NewPath();
        Assert.Empty(await ExportAsync("mkfifo dist/pipe; perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un(\"dist/socket\")) || die'; chmod 6777 dist/index.html", copy));
        Assert.Equal(["index.html"], Directory.GetFileSystemEntries(copy).Select(Path.GetFileName));
        Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(Path.Combine(copy, "index.html")) & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.OtherWrite));
    }

    [Fact]
    public async Task Links_to_the_path_at_which_the_build_saw_its_files_are_followed()
    {
        var copy = NewPath();
        Assert.Empty(await ExportAsync("mkdir shared; echo y > shared/y; ln -s $PWD/shared dist/c; ln -s $PWD/shared/y dist/z", copy));
        Assert.Equal("y\n", await File.ReadAllTextAsync(Path.Combine(copy, "c", "y"), Token));
        Assert.Equal("y\n", await File.ReadAllTextAsync(Path.Combine(copy, "z"), Token));
    }

    [Fact]
    public async Task Links_do_not_tell_what_exists_on_the_machine()
    {
        Require(Engine.Capabilities.Isolation, "Without a sandbox, builds see the machine.");
        var existing = NewPath();
        await File.WriteAllTextAsync(existing, "secret", Token);
        var (copy, missing) = (NewPath(), NewPath());
        var left = await ExportAsync($"ln -s {existing} dist/a; ln -s {missing} dist/b", copy);
        Assert.Equal([$"/a (to {existing})", $"/b (to {missing})"], left);
        Assert.Equal(["index.html"], Directory.GetFileSystemEntries(copy).Select(Path.GetFileName));
        Assert.Equal(
            (await RefusedAsync("dep-2", $"rm -r dist; ln -s {Path.GetDirectoryName(existing)} dist")).Message,
            (await RefusedAsync("dep-3", $"rm -r dist; ln -s {missing} dist")).Message);
    }

    [Theory]
    [InlineData("for i in 1 2 3 4 5 6 7; do mkdir -p d$i; for j in 0 1 2 3 4 5 6 7 8 9; do ln -s ../d$((i + 1)) d$i/$j; done; done; mkdir d8; ln -s ../d1 dist/d", "more than 1,000,000 files")]
    [InlineData("d=dist; for i in $(seq 120); do d=$d/d; done; mkdir -p $d", "more than 100 directories deep")]
    [InlineData("n=$(printf %0240d 0); cd dist; for i in $(seq 30); do mkdir $n; cd $n; done", "more than 2000 bytes")]
    [InlineData("for i in $(seq 600); do ln -s nothing dist/$i; done", "600 symbolic links lead to files that do not exist")]
    [InlineData("for i in $(seq 600); do ln -s /etc/passwd dist/$i; done", "600 symbolic links leave the repository")]
    [InlineData("ln -s /proc/self/root dist/root", "leaves the repository")]
    [InlineData("ln -s /proc/1/cwd dist/cwd", "leaves the repository")]
    [InlineData("chmod 000 dist/index.html", "Permission denied")]
    [InlineData("for i in $(seq 2000); do : > dist/$i; done; chmod 000 dist/*", "Permission denied")]
    [InlineData("touch dist/$'\\xff'", "not valid UTF-8")]
    public async Task Files_that_cannot_be_published_are_refused_with_a_short_reason(string command, string reason)
    {
        var refused = await RefusedAsync("dep-1", command);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 2500);
    }

    private async Task<IReadOnlyList<string>> ExportAsync(string command, string copy) =>
        await Engine.ExportAsync(await BuildAsync("dep-1", command), "dist", copy, Token);

    private async Task<ArtifactException> RefusedAsync(string id, string command)
    {
        var artifact = await BuildAsync(id, command);
        return await Assert.ThrowsAsync<ArtifactException>(() => Engine.ExportAsync(artifact, "dist", NewPath(), Token));
    }

    private async Task<ArtifactId> BuildAsync(string id, string command)
    {
        var build = await BuildOf(id, $"mkdir dist; echo x > dist/index.html; {command}");
        return Assert.IsType<RunState.Succeeded>(await RunAsync(build)).Artifact!.Value;
    }
}
