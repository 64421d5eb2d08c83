using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Api.Git;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Crash;
using Portico.ControlPlane.Tests.Git;
using Portico.Core.Engines;
using Portico.Hosting;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Tests.Sources;

/// <summary>Git reads hostile content confined to one repository. An attacker who takes it over can reach nothing else.</summary>
public sealed class ConfinedSourceTests : IClassFixture<ConfinementFixture>, IAsyncLifetime
{
    private const string Workspace = "tea-1", Other = "tea-2";
    private static readonly string Uploads = SourceStore.UploadsOf(Workspace), OthersUploads = SourceStore.UploadsOf(Other);

    private readonly ConfinementFixture _fixture;
    private readonly IToolConfinement _confinement;
    private readonly string _directory;
    private readonly SourceStore _store;

    public ConfinedSourceTests(ConfinementFixture fixture)
    {
        (_fixture, _confinement) = (fixture, fixture.Offered);
        _directory = Path.Combine(fixture.Root, $"sources-{Path.GetRandomFileName()}");
        _store = NewStore(_confinement);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give git an account of its own.");
        Assert.True(_confinement.IsOffered);
        Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await _store.AdoptAllAsync(NullLogger.Instance, Token);
    }

    public ValueTask DisposeAsync()
    {
        _store.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Commits_are_uploaded_read_fetched_and_removed()
    {
        await UploadAsync(Workspace);
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.Second, Token));
        Assert.Equal("api", (await _store.ReadTextAsync(Uploads, UploadedSource.First, "api/main", 1 << 20, Token))?.Trim());
        Assert.NotEmpty((await _store.DescribeAsync(Uploads, UploadedSource.Second, Token)).Message);

        // The directory that it is fetched from is one that only root can enter.
        var remote = GitRemote.Of(UploadedSource.Url, null, null);
        var mirror = SourceStore.MirrorOf(UploadedSource.Url, Workspace);
        Assert.Equal(UploadedSource.Second, (await _store.LookAsync(mirror, null, remote, Token)).Commit);
        Assert.Equal(UploadedSource.Second, await _store.FetchAsync(mirror, null, remote, Token));

        await _store.PruneAsync(Uploads, new HashSet<string>(), Token);
        await _store.RemoveMirrorAsync(mirror, Token);
        await _store.FinishRemovalsAsync(Token);
        Assert.Equal([Uploads], Directory.GetDirectories(_directory).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task Commits_are_fetched_by_ssh_whose_key_git_cannot_see()
    {
        await using var server = await SshServer.StartAsync(Token);
        var key = Path.Combine(_directory, "key");
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key);
        server.LetIn(await File.ReadAllTextAsync($"{key}.pub", Token));
        UploadedSource.CopyTo(server.PathOf("app"));
        var url = server.UrlOf("app");
        var remote = GitRemote.Of(url, [IPAddress.Loopback], new SshAccess(key, Path.Combine(_directory, "known")));
        var mirror = SourceStore.MirrorOf(url, Workspace);
        Assert.Equal(new RemoteTip(UploadedSource.Second, null), await _store.LookAsync(mirror, null, remote, Token));
        Assert.Equal(UploadedSource.Second, await _store.FetchAsync(mirror, null, remote, Token));

        var wrong = GitRemote.Of(server.UrlOf("missing"), [IPAddress.Loopback], new SshAccess(key, Path.Combine(_directory, "known")));
        var error = await Assert.ThrowsAsync<GitException>(() => _store.FetchAsync(SourceStore.MirrorOf(server.UrlOf("missing"), Workspace), null, wrong, Token));
        Assert.Contains("does not appear to be a git repository", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What hostile content could make git do if it took it over, in each way in which git is confined.</summary>
    [Theory]
    [InlineData(ToolReach.Machine)]
    [InlineData(ToolReach.Directories)]
    [InlineData(ToolReach.Network)]
    public async Task Git_that_was_taken_over_reaches_its_own_repository_alone(ToolReach reach)
    {
        await UploadAsync(Workspace);
        await UploadAsync(Other);
        var (own, others) = (_store.PathOf(Uploads), _store.PathOf(OthersUploads));
        var secret = Path.Combine(_directory, "secret");
        await File.WriteAllTextAsync(secret, "hidden", Token);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(Path.Combine(own, "lfs", "file"), "hidden", Token);

        string[] refused =
        [
            $"cat {secret}", $"ls {_directory} | grep -v {Uploads}", $"ls {others}", $"cat {others}/HEAD", $"cat {others}/config", $"touch {others}/x", $"ls {own}/lfs",
            $"echo x >>{own}/config", $"rm -f {own}/config && test ! -e {own}/config", $"mv {own}/config {own}/c", $"mv {own}/lfs {own}/l", $"rm -rf {own} && test ! -e {own}/config",
            "test -r /etc/shadow", "touch /usr/x", "touch /etc/x", "test $(id -u) = 0",
            $"kill -0 {Environment.ProcessId}", $"cat /proc/{Environment.ProcessId}/environ | grep -q PATH", "unshare --user true && unshare --user --map-root-user mount -t tmpfs x /mnt && test $(stat -c %u /) = 0",
            "setpriv --reuid=0 true",
        ];
        foreach (var attempt in refused)
            Assert.False((await AsGitAsync(own, attempt, reach)).Succeeded, attempt);
        Assert.True((await AsGitAsync(own, $"cat {own}/config && touch {own}/x && rm {own}/x", reach)).Succeeded);
        await AsGitAsync(own, $"mkdir {_directory}/x", reach);
        Assert.False(Directory.Exists(Path.Combine(_directory, "x")));
        if (reach != ToolReach.Machine)
            foreach (var attempt in (string[])["ls /root", $"ls {AppContext.BaseDirectory}", "ls /home", "test $(ls -d /proc/[0-9]* | wc -l) -gt 8"])
                Assert.False((await AsGitAsync(own, attempt, reach)).Succeeded, attempt);
    }

    [Fact]
    public async Task Without_a_remote_git_reaches_no_port_of_the_machine()
    {
        await UploadAsync(Workspace);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connect = $"exec 3<>/dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}";
        Assert.False((await AsGitAsync(_store.PathOf(Uploads), connect, ToolReach.Directories)).Succeeded);
        Assert.True((await AsGitAsync(_store.PathOf(Uploads), connect, ToolReach.Network)).Succeeded);
    }

    [Fact]
    public async Task Git_runs_within_limits_of_memory_processes_and_time()
    {
        await UploadAsync(Workspace);
        var result = await AsGitAsync(_store.PathOf(Uploads), "ulimit -t; ulimit -u; ulimit -d", ToolReach.Directories);
        var limits = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["1800", "1024"], limits.Take(2));
        Assert.InRange(long.Parse(limits[2], CultureInfo.InvariantCulture), 512L << 10, 4L << 20);
        var hungry = await AsGitAsync(_store.PathOf(Uploads), "ulimit -d 100000; head -c 200M /dev/zero | tail -n 1 | wc -c", ToolReach.Directories);
        Assert.Contains("memory exhausted", hungry.Error, StringComparison.Ordinal);
    }

    /// <summary>Links at the places where the platform itself deletes and writes files in a repository.</summary>
    [Fact]
    public async Task The_platform_follows_no_link_that_git_left()
    {
        await UploadAsync(Workspace);
        var own = _store.PathOf(Uploads);
        var victim = Directory.CreateDirectory(Path.Combine(_directory, "victim")).FullName;
        foreach (var name in (string[])["a.lock", "tmp_pack_1", "kept"])
            await File.WriteAllTextAsync(Path.Combine(victim, name), "whole", Token);
        await AsGitAsync(own, $"rm -rf {own}/refs/heads {own}/objects/pack; ln -s {victim} {own}/refs/heads; ln -s {victim} {own}/objects/pack; ln -s {victim}/kept {own}/lfs.part; ln -s {victim}/kept {own}/parts-0.index", ToolReach.Directories);

        await AttemptAsync(() => _store.KeepAsync(Uploads, UploadedSource.Second, Token));
        await AttemptAsync(() => UploadAsync(Workspace));
        await AttemptAsync(() => _store.PruneAsync(Uploads, new HashSet<string>(), Token));
        await AttemptAsync(() => _store.RemoveAsync(Uploads, Token));

        Assert.All(Directory.GetFiles(victim), file => Assert.Equal("whole", File.ReadAllText(file)));
        Assert.Equal(3, Directory.GetFiles(victim).Length);
        Assert.False(Directory.Exists(own));
    }

    [Fact]
    public async Task Repositories_of_earlier_starts_are_given_away_and_taken_back()
    {
        var own = _store.PathOf(Uploads);
        UploadedSource.CopyTo(own);
        await _store.AdoptAllAsync(NullLogger.Instance, Token);
        await _store.KeepAsync(Uploads, UploadedSource.Second, Token);
        Assert.Equal("own", await OwnerAsync($"{own}/HEAD"));
        Assert.Equal("own", await OwnerAsync($"{own}/refs/portico/{UploadedSource.Second}"));
        Assert.Equal("root", await OwnerAsync($"{own}/config"));
        Assert.Equal("root", await OwnerAsync(own));

        // The machine has lost its sandbox, so git runs with the platform's rights again.
        using var store = NewStore(_fixture.WithoutSandbox());
        await store.AdoptAllAsync(NullLogger.Instance, Token);
        Assert.True(await store.ContainsAsync(Uploads, UploadedSource.Second, Token));
        await store.KeepAsync(Uploads, UploadedSource.First, Token);
        Assert.Empty((await CapturedProcess.RunAsync(new ProcessStartInfo("find", [own, "!", "-user", "root", "-o", "!", "-group", "root"]), null, Token)).Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(own));

        await _store.AdoptAllAsync(NullLogger.Instance, Token);
        Assert.Equal("own", await OwnerAsync($"{own}/refs/portico/{UploadedSource.First}"));
        Assert.True(await _store.ContainsAsync(Uploads, UploadedSource.First, Token));
    }

    [Fact]
    public async Task Without_a_free_account_number_a_repository_is_refused_until_another_one_is_removed()
    {
        var confinement = await _fixture.WithNumbersForOneAsync();
        using var store = NewStore(confinement);
        await store.EnsureAsync(Uploads, Token);
        var error = await Assert.ThrowsAsync<GitException>(() => store.EnsureAsync(OthersUploads, Token));
        Assert.Contains("All account numbers of PORTICO_UID_RANGE", error.Message, StringComparison.Ordinal);
        Assert.Contains("larger range", error.Message, StringComparison.Ordinal);
        // A start does not fail because of it, and git does not get the platform's rights.
        await store.AdoptAllAsync(NullLogger.Instance, Token);
        await Assert.ThrowsAsync<GitException>(() => store.KeepAsync(OthersUploads, UploadedSource.First, Token));
        Assert.Null(await store.LocalTipAsync(Uploads, null, Token));

        await store.RemoveAsync(Uploads, Token);
        await store.AdoptAllAsync(NullLogger.Instance, Token);
        await store.EnsureAsync(OthersUploads, Token);
        Assert.Equal("own", await OwnerAsync($"{store.PathOf(OthersUploads)}/HEAD"));
    }

    [Theory]
    [MemberData(nameof(HostilePack.Names), MemberType = typeof(HostilePack))]
    public async Task Upload_whose_objects_are_far_larger_than_it_is_refused_and_leaves_nothing(string name)
    {
        await UploadAsync(Workspace);
        var pack = HostilePack.Make(name);
        using var bundle = new MemoryStream([.. Encoding.ASCII.GetBytes($"# v2 git bundle\n{HostilePack.Commit} refs/heads/main\n\n"), .. pack.Content]);
        var before = Files();
        var error = await Assert.ThrowsAsync<GitException>(() => _store.ImportAsync(Workspace, HostilePack.Commit, bundle, _ => { }, Token));
        Assert.Contains(pack.Expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());
        await _store.KeepAsync(Uploads, UploadedSource.First, Token);
    }

    [Theory]
    [MemberData(nameof(HostilePack.Names), MemberType = typeof(HostilePack))]
    public async Task Push_whose_objects_are_far_larger_than_it_is_refused_and_leaves_nothing(string name)
    {
        await UploadAsync(Workspace);
        var pack = HostilePack.Make(name);
        var line = $"{new string('0', 40)} {HostilePack.Commit} refs/heads/main\0 report-status side-band-64k";
        using var body = new MemoryStream([.. Encoding.ASCII.GetBytes($"{line.Length + 4:x4}{line}0000"), .. pack.Content]);
        using var answer = new MemoryStream();
        var before = Files();
        var commands = await PushCommands.ReadAsync(body, Token);
        var receive = new ReceivePack(_store, new DiskReserve(_directory, 0), new PlatformSettings { Paths = new PlatformPaths(_directory) });
        await receive.RunAsync(Uploads, commands, body, new DefaultHttpContext { Response = { Body = answer } }.Response, Token);
        Assert.Contains(pack.Expected, Encoding.UTF8.GetString(answer.ToArray()), StringComparison.Ordinal);
        Assert.Equal(before, Files());
        Assert.Null(await _store.LocalTipAsync(Uploads, "main", Token));
    }

    private List<string> Files() => [.. Directory.EnumerateFileSystemEntries(_store.PathOf(Uploads), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private SourceStore NewStore(IToolConfinement confinement) => new(_directory, null, TimeProvider.System, confinement);

    private async Task UploadAsync(string workspace)
    {
        var bundle = Path.Combine(_directory, "all.bundle");
        var source = new GitRepository(new Uri(UploadedSource.Url).LocalPath);
        await GitCommand.RunAsync(source, ["bundle", "create", "--quiet", bundle, "--all"], Token);
        await using var content = File.OpenRead(bundle);
        await _store.ImportAsync(workspace, UploadedSource.Second, content, _ => { }, Token);
        await _store.KeepAsync(SourceStore.UploadsOf(workspace), UploadedSource.First, Token);
    }

    private Task<ProcessResult> AsGitAsync(string repository, string script, ToolReach reach)
    {
        var command = _confinement.Confine(new ConfinedTool(repository, ["/bin/bash", "-c", script]) { Reach = reach });
        return CapturedProcess.RunAsync(new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = "/" }, null, Token);
    }

    private static async Task AttemptAsync(Func<Task> attempt)
    {
        try
        {
            await attempt();
        }
        catch (Exception exception) when (exception is GitException or IOException)
        {
            // The repository is broken, which is its owner's affair.
        }
    }

    private static async Task<string> OwnerAsync(string path)
    {
        var result = await CapturedProcess.RunAsync(new ProcessStartInfo("stat", ["-c", "%u", path]), null, Token);
        return result.Output.Trim() == "0" ? "root" : "own";
    }

    private static async Task RunAsync(string program, params string[] arguments) =>
        Assert.True((await CapturedProcess.RunAsync(new ProcessStartInfo(program, arguments), null, Token)).Succeeded);
}
