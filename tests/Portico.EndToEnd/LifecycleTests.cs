using Portico.Api.Contracts.Platform;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd;

public sealed class LifecycleTests
{
    [Fact]
    public async Task Two_platforms_run_side_by_side()
    {
        Programs.Require("git", "node");
        await using var one = HelloApp.Create();
        await using var other = HelloApp.Create();
        other.Replace("server.js", "\"hello\"", "\"hello from the other\"");

        (await one.UpAsync()).ShouldSucceed();
        (await other.UpAsync()).ShouldSucceed();

        Assert.Equal("hello", await HelloApp.AskAsync(one));
        Assert.Equal("hello from the other", await HelloApp.AskAsync(other));
        (await other.RunAsync("down")).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(one));
    }

    [Fact]
    public async Task Down_ends_every_process_and_up_brings_all_back()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        var before = (await platform.StatusAsync())[HelloApp.Name];

        (await platform.RunAsync("down")).ShouldSucceed();

        Assert.Empty(Leftovers.Find(platform.Home));
        (await platform.UpAsync()).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
        Assert.Equal(before.Id, (await platform.StatusAsync())[HelloApp.Name].Id);
    }

    [Fact]
    public async Task Lost_keys_are_named_and_no_others_are_made_in_their_place()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        platform.Replace("render.yaml", "startCommand: node server.js", "startCommand: node server.js\n    envVars: [{ key: WORD, value: secret }]");
        (await platform.UpAsync()).ShouldSucceed();
        (await platform.RunAsync("down")).ShouldSucceed();
        var keys = Path.Combine(platform.Home, "state", "keys");
        Directory.Move(keys, keys + ".away");

        foreach (var command in (string[][])[["start"], ["up", "--detach", "--no-input"]])
            Assert.Equal(3, (await platform.RunAsync(command)).ShouldFailSaying(keys, "key-", "from a backup").ExitCode);

        Assert.Empty(Directory.GetFiles(keys));
        Directory.Delete(keys);
        Directory.Move(keys + ".away", keys);
        (await platform.RunAsync("start")).ShouldSucceed();
        Assert.Equal("hello", await HelloApp.AskAsync(platform));
    }

    [Fact]
    public async Task Deleting_leaves_no_process_and_no_file()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        // What a running platform creates must be in the list of what is deleted.
        Assert.Empty(Directory.EnumerateDirectories(platform.Home).Except(new PlatformPaths(platform.Home).Folders));
        (await platform.RunAsync("down", "--delete")).ShouldFailSaying("--yes");
        Assert.Equal("hello", await HelloApp.AskAsync(platform));

        (await platform.RunAsync("down", "--delete", "--yes")).ShouldSucceed();

        Assert.Empty(Leftovers.Find(platform.Home));
        Assert.False(Directory.Exists(platform.Home));
    }

    [Fact]
    public async Task A_directory_that_is_a_repository_is_never_changed()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        await GitAsync(platform, "init", "-q");
        await GitAsync(platform, "add", "render.yaml");
        var before = Snapshot(Path.Combine(platform.App, ".git"));

        (await platform.UpAsync()).ShouldSucceed();

        Assert.Equal(before, Snapshot(Path.Combine(platform.App, ".git")));
    }

    [Fact]
    public async Task The_server_watches_no_files()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        var server = (await platform.ServerStatusAsync())!.ServerProcessId;

        var watches = Directory.EnumerateFiles($"/proc/{server}/fdinfo").SelectMany(ReadLinesIfThere)
            .Count(line => line.StartsWith("inotify ", StringComparison.Ordinal));

        Assert.Equal(0, watches);
    }

    private static string[] ReadLinesIfThere(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return []; // closed meanwhile
        }
    }

    private static async Task GitAsync(TestPlatform platform, params string[] arguments)
    {
        using var git = new CommandRun(Programs.Find("git")!, arguments, new Dictionary<string, string?>(), platform.App);
        (await git.EndAsync(TimeSpan.FromSeconds(30))).ShouldSucceed();
    }

    private static string[] Snapshot(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}").Order()];
}
