using EngineConformance;
using Portico.Core.Engines;
using Portico.Testing;

namespace Portico.Engines.Process.Tests;

public sealed class SecretFileTests : ProcessEngineTest
{
    private static readonly Dictionary<string, string> Secrets = new() { [".env"] = "KEY=hush-1", ["cert.pem"] = "hush-2\nhush-3" };

    [Fact]
    public async Task Instance_finds_them_in_its_working_directory()
    {
        var artifact = await BuildAsync("dep-b", "true");
        var revision = Shell("dep-1", "tr -d '\\n' < .env | md5sum; tail -n1 cert.pem | tr -d '\\n' | md5sum; exec sleep 300") with { Artifact = artifact, SecretFiles = Secrets };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);

        Assert.Equal(
            [.. new[] { "KEY=hush-1", "hush-3" }.Select(Md5)],
            (await ReadAsync(new LogQuery { Owner = Owner, Tail = 2 })).Select(line => line.Split(' ')[0]));
    }

    /// <summary>PostgreSQL and SSH refuse a private key that belongs to another account or that others can read.</summary>
    [Fact]
    public async Task Files_belong_to_the_account_that_reads_them_and_nobody_can_change_them()
    {
        Require(Engine.Capabilities.Sandbox.Length > 0 && IsRoot, "Needs a sandbox.");
        var revision = NewRevision("dep-1", new Behaviour.Idle()) with
        {
            Command = new Command.Exec("bash", ["-c", "for i in $0/key /etc/secrets/*; do stat -c '%u %a' $i; chmod 777 $i || echo no; done; id -u; exec sleep 300", "{files}"]),
            Files = new Dictionary<string, string> { ["key"] = "hush-4" },
            SecretFiles = new Dictionary<string, string> { ["name"] = "one\n" },
        };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        IReadOnlyList<string> lines = [];
        await Eventually.TrueAsync(async () => (lines = [.. (await ReadAsync(new LogQuery { Owner = Owner })).Where(line => !line.Contains(':', StringComparison.Ordinal))]).Count >= 5, "all lines");

        Assert.Equal([$"{lines[4]} 600", "no", $"{lines[4]} 600", "no"], lines.Take(4));
    }

    [Fact]
    public async Task Those_of_two_services_are_not_mixed_up_under_one_path()
    {
        Require(Engine.Capabilities.DiskRestriction is null, "Mount namespaces need root.");
        const string show = "cat /etc/secrets/name; exec sleep 300";
        var one = Shell("dep-1", show) with { SecretFiles = new Dictionary<string, string> { ["name"] = "one\n" } };
        var two = Shell("dep-2", show) with { SecretFiles = new Dictionary<string, string> { ["name"] = "two\n" } };
        foreach (var revision in (Revision[])[one, two])
        {
            await Engine.EnsureAsync(revision, 1, Token);
            await UntilReadyAsync(revision.Id, 1);
        }

        Assert.Equal(["one", "two"], (await ReadAsync(new LogQuery { Owner = Owner })).Where(line => line is "one" or "two").Order(StringComparer.Ordinal));
        Assert.False(File.Exists("/etc/secrets/name"));
    }

    [Fact]
    public async Task Build_sees_them_and_its_result_does_not_hold_them()
    {
        var build = await BuildOf("dep-b", "cp .env seen; ls -A > list", ("README", "hello"), ("cert.pem", "from the repository"));
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build with { SecretFiles = Secrets })).Artifact!.Value;
        var exported = NewPath();
        await Engine.ExportAsync(artifact, "", exported, Token);

        Assert.Equal("KEY=hush-1", await File.ReadAllTextAsync(Path.Combine(exported, "seen"), Token));
        Assert.Contains("cert.pem", await File.ReadAllTextAsync(Path.Combine(exported, "list"), Token), StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(exported, ".env")));
        Assert.False(Path.Exists(Path.Combine(exported, "cert.pem")));
    }

    [Fact]
    public async Task They_are_in_no_log_and_go_with_what_needed_them()
    {
        var build = await BuildOf("dep-b", "test -s .env && test -s cert.pem");
        var artifact = Assert.IsType<RunState.Succeeded>(await RunAsync(build with { SecretFiles = Secrets })).Artifact!.Value;
        var revision = Shell("dep-1", "test -s .env && exec sleep 300") with { Artifact = artifact, SecretFiles = Secrets };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);
        Assert.IsType<RunState.Succeeded>(await RunJobAsync("job-1", revision, "test -s .env"));
        await Engine.RetireAsync(revision.Id, Token);
        await UntilGoneAsync(revision.Id);

        Assert.Empty(Holding("logs"));
        await Eventually.TrueAsync(() => Holding("files").Count == 0, "no secret file left");
    }

    [Fact]
    public async Task Nobody_else_may_read_them()
    {
        Require(IsRoot, "Only root keeps files from other users of the machine.");
        var revision = Shell("dep-1", "exec sleep 300") with { SecretFiles = Secrets };
        await Engine.EnsureAsync(revision, 1, Token);
        await UntilReadyAsync(revision.Id, 1);

        var directory = Assert.Single(Directory.GetDirectories(Path.Combine(Fixture.Home, "files")));
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.GroupWrite;
        Assert.All(Directory.GetFiles(directory).Append(directory), path => Assert.Equal((UnixFileMode)0, File.GetUnixFileMode(path) & others));
    }

    private async Task<ArtifactId> BuildAsync(string id, string command) =>
        Assert.IsType<RunState.Succeeded>(await RunAsync(await BuildOf(id, command))).Artifact!.Value;

    private List<string> Holding(string part) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Fixture.Home, part), "*", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("hush", StringComparison.Ordinal)),
    ];

#pragma warning disable CA5351 // To compare with what a shell printed, not to protect anything.
    private static string Md5(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
