using Portico.Core.Engines;
using Portico.Engines.Process.Native;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Workloads;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

/// <summary>Disks with a size: what is on them, how much fits, and what is left of them.</summary>
public sealed class DiskSizeTests : ProcessEngineTest
{
    private const long MiB = 1 << 20;
    private const int SigUsr1 = 10;
    private const string Disk = "dsk-1";

    private string Image => Path.Combine(Fixture.Home, "disk-images", Disk);

    private string Folder => Path.Combine(Fixture.Home, "disks", Disk);

    [Fact]
    public async Task Writing_more_than_fits_fails_as_on_a_full_disk()
    {
        RequireSizes();
        var path = NewPath();
        var revision = Shell("dep-1", $"cd {path}; dd if=/dev/zero of=big bs=1M count=100; echo got $?; rm big; echo kept > file; ls -A; id -un; stat -c '%U %a' .; exec sleep 300")
            with
        { Disk = new DiskMount(Disk, path) { SizeBytes = 64 * MiB } };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        var log = await ReadAsync(new LogQuery { Owner = Owner });
        Assert.Contains(log, line => line.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Equal(["got 1", "file", "render", "render 700"], log.TakeLast(4));
        Assert.False(Directory.Exists(path));
        Assert.Empty(Directory.GetFileSystemEntries(Folder));
        Assert.InRange(Libc.FileUsage(Image)!.Value.Bytes, 1, 64 * MiB);
        Assert.InRange((await Engine.MeasureDiskAsync(Disk, Token))!.Value, 1, MiB);
    }

    [Fact]
    public async Task Data_is_there_after_kills_and_restarts()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB);
        await Engine.EnsureAsync(revision, 1, Token);
        var first = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await Engine.DisposeAsync();
        await CrashAsync(first);
        await RestartEngineAsync();
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: 1, Status: InstanceStatus.Ready }], "started again");
        Assert.Equal(["start", "start"], await LinesAsync(2));

        await Engine.EnsureAsync(revision with { Id = new RevisionId("dep-2") }, 1, Token);
        await UntilReadyAsync(new RevisionId("dep-2"), 1);
        Assert.Equal(["start", "start", "start"], await LinesAsync(3));
    }

    [Fact]
    public async Task Growing_keeps_the_data_and_gives_room()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB);
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        // As if the machine had stopped between the two steps of growing.
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        using (var image = File.OpenWrite(Image))
            image.SetLength(48 * MiB);

        var grown = Appending("dep-2", 128 * MiB, "head -c 90M /dev/zero > {disk}/big && echo written");
        await Engine.EnsureAsync(grown, 1, Token);
        await UntilReadyAsync(grown.Id, 1);
        Assert.Equal(["start", "start", "written"], await LinesAsync(3));
        Assert.InRange((await Engine.MeasureDiskAsync(Disk, Token))!.Value, 90 * MiB, 94 * MiB);

        // Smaller is not possible; the engine leaves it as it is.
        var smaller = Appending("dep-3", 32 * MiB);
        await Engine.EnsureAsync(smaller, 1, Token);
        await UntilReadyAsync(smaller.Id, 1);
        Assert.Equal(["start", "start", "start"], await LinesAsync(3));
        Assert.Equal(128 * MiB, new FileInfo(Image).Length);
    }

    [Fact]
    public async Task Growing_while_it_is_in_use_gives_room_without_a_restart_or_says_why_not()
    {
        RequireSizes();
        const string Line = "trap 'head -c 90M /dev/zero > {disk}/big && echo written; kill $!' USR1; echo waiting; while :; do sleep 300 & wait; done";
        var revision = Appending("dep-1", 32 * MiB, Line);
        await Engine.EnsureAsync(revision, 1, Token);
        var before = (await UntilReadyAsync(revision.Id, 1)).Instances[0];
        await UntilLastLineAsync("waiting");

        await Engine.EnsureAsync(revision with { Disk = revision.Disk! with { SizeBytes = 128 * MiB } }, 1, Token);

        var after = Assert.Single(Of(Engine.Observe(), revision.Id));
        Assert.Equal((before.Id, before.ProcessId, 0, InstanceStatus.Ready), (after.Id, after.ProcessId, after.Restarts, after.Status));
        Assert.Equal(128 * MiB, new FileInfo(Image).Length);
        if (!Engine.Capabilities.EnlargesDisksInUse)
        {
            Assert.StartsWith("==> The disk could not be enlarged while it is in use, and will be when the service restarts: ", (await LinesAsync(1))[^1], StringComparison.Ordinal);
            await CrashAsync(after);
            await UntilLastLineAsync("waiting");
        }
        Native.Libc.Kill(Of(Engine.Observe(), revision.Id)[0].ProcessId!.Value, SigUsr1);
        await UntilLastLineAsync("written");
    }

    [Fact]
    public async Task Deleted_disk_leaves_no_file_and_no_device()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB);
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.NotEmpty(await DevicesAsync());
        Assert.False(await Engine.DeleteDiskAsync(Disk, Token));
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);
        Assert.InRange((await Engine.MeasureDiskAsync(Disk, Token))!.Value, 1, 8 * MiB);
        Assert.True(await Engine.DeleteDiskAsync(Disk, Token));
        Assert.Null(await Engine.MeasureDiskAsync(Disk, Token));
        Assert.False(File.Exists(Image));
        Assert.False(Directory.Exists(Folder));
        await Eventually.TrueAsync(() => DevicesAsync().GetAwaiter().GetResult().Length == 0, "its device is free");
    }

    [Fact]
    public async Task Deleted_owner_takes_its_disk_along()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB);
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.DeleteOwnerAsync(Owner, Token);
        Assert.False(File.Exists(Image));
        Assert.Empty((await Engine.ListAsync(Token)).Owners);
    }

    [Fact]
    public async Task What_was_on_a_disk_before_it_had_a_size_stays()
    {
        var before = Appending("dep-1", null);
        await Engine.EnsureAsync(before, 1, Token);
        await UntilReadyAsync(before.Id, 1);
        var after = Appending("dep-2", 32 * MiB);
        await Engine.EnsureAsync(after, 1, Token);
        await UntilReadyAsync(after.Id, 1);
        Assert.Equal(["start", "start"], await LinesAsync(2));
        Assert.False(File.Exists(Image));
        Assert.Equal("start\nstart\n", await File.ReadAllTextAsync(Path.Combine(Folder, "log"), Token));
    }

    [Fact]
    public async Task Two_that_see_a_disk_see_the_same_filesystem()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB, "stat -c 'device %d' {disk}");
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        await Engine.StartJobAsync(new JobRequest
        {
            Id = new RunId("job-1"),
            Revision = revision,
            Command = new Command.Exec("sh", ["-c", "cat $1/log; stat -c 'device %d' $1; echo from-job >> $1/log", "sh", "{disk}"]),
        }, Token);
        Assert.IsType<RunState.Succeeded>(await UntilOverAsync(new RunId("job-1")));
        Assert.Equal(await LinesAsync(2), (await RunLogAsync("job-1")).TakeLast(2));
        await CrashAsync(Engine.Observe().Instances[0]);
        await UntilAsync(s => Of(s, revision.Id) is [{ Restarts: 1, Status: InstanceStatus.Ready }], "started again");
        Assert.Equal(["start", "from-job", "start"], (await ReadAsync(new LogQuery { Owner = Owner })).TakeLast(4).Take(3));
    }

    [Fact]
    public async Task Damaged_disk_is_not_mounted_and_named()
    {
        RequireSizes();
        var revision = Appending("dep-1", 32 * MiB);
        Directory.CreateDirectory(Path.GetDirectoryName(Image)!);
        await File.WriteAllBytesAsync(Image, new byte[MiB], Token);
        await Engine.EnsureAsync(revision, 1, Token);
        var s = await UntilAsync(s => Of(s, revision.Id) is [{ LastExit: not null }], "refused");
        Assert.Contains($"e2fsck {Image}", s.Instances[0].LastExit!.LastLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_cannot_be_mounted_any_more_is_refused_and_kept()
    {
        var home = new EngineHome(NewPath(), TimeProvider.System);
        home.Create();
        Directory.CreateDirectory(home.Disk(Disk));
        var images = new DiskImages(home, "Only root can.");
        Assert.Null(images.Of(new DiskMount(Disk, null) { SizeBytes = MiB }));
        await File.WriteAllTextAsync(home.DiskImage(Disk), "data", Token);
        var refused = Assert.Throws<RunFailure>(() => images.Of(new DiskMount(Disk, null)));
        Assert.Contains(home.DiskImage(Disk), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Only root can.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_root_the_reason_is_said()
    {
        Assert.SkipWhen(IsRoot, "For a normal user.");
        Assert.Contains("root", Engine.Capabilities.DiskSizeRestriction, StringComparison.Ordinal);
    }

    private void RequireSizes() => Require(Engine.Capabilities.DiskSizeRestriction is null, Engine.Capabilities.DiskSizeRestriction ?? "");

    /// <summary>Adds a line to a file on its disk at each start, and prints the file.</summary>
    private Revision Appending(string id, long? size, string more = "true") => Shell(id, "") with
    {
        Command = new Command.Exec("sh", ["-c", $"echo start >> $1/log; cat $1/log; {more.Replace("{disk}", "$1", StringComparison.Ordinal)}; exec sleep 300", "sh", "{disk}"]),
        Disk = new DiskMount(Disk, null) { SizeBytes = size },
    };

    private Task<string> UntilLastLineAsync(string line) =>
        Eventually.BecomesAsync(async () => string.Join('\n', await LinesAsync(20)), text => text.EndsWith(line, StringComparison.Ordinal), Patience, $"'{line}' is written");

    private Task<IReadOnlyList<string>> LinesAsync(int count) => ReadAsync(new LogQuery { Owner = Owner, Tail = count });

    private async Task<string> DevicesAsync() => (await Tool.RunAsync(["losetup", "-n", "-O", "NAME", "-j", Image], Token)).Output;
}
