using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>
/// The server is killed at random moments of deploys by push, and each ends as it would have: live, once, and with nothing
/// left over. <c>PORTICO_CRASH_KILLS</c> says how often, <c>PORTICO_CRASH_SEED</c> repeats a run. See <c>bench/crash-deploys</c>.
/// </summary>
public sealed class CrashDeployTests
{
    private const int UsualKills = 4;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60), LatestKill = TimeSpan.FromSeconds(3);
    private static readonly string[] OfThePlatform = ["portico-server", "portico-edge", "keep.sh"];

    private readonly Dictionary<string, int> _killedIn = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_push_is_deployed_once_whenever_the_server_is_killed()
    {
        Programs.Require("git", "node");
        var (kills, seed) = (Number("PORTICO_CRASH_KILLS", UsualKills), Number("PORTICO_CRASH_SEED", Environment.TickCount));
        var (random, watch) = (new Random(seed), Stopwatch.StartNew());
        Say($"{kills} kills, seed {seed}");
        await using var platform = HelloApp.Create();
        await PrepareAsync(platform);
        for (var kill = 1; kill <= kills; kill++)
            await RoundAsync(platform, kill, TimeSpan.FromSeconds(random.NextDouble() * LatestKill.TotalSeconds));
        Say($"{kills} pushes, {kills} kills, {kills} deploys live in {watch.Elapsed.TotalSeconds:0} s; "
            + $"killed while the deploy was: {string.Join(", ", _killedIn.OrderByDescending(item => item.Value).Select(item => $"{item.Key} {item.Value}"))}");
    }

    private static async Task PrepareAsync(TestPlatform platform)
    {
        await GitAsync(platform, "init", "-q", "-b", "main");
        await CommitAsync(platform, 0);
        (await platform.UpAsync()).ShouldSucceed();
        (await platform.RunAsync("git", "remote")).ShouldSucceed();
        await PushAsync(platform);
    }

    private async Task RoundAsync(TestPlatform platform, int version, TimeSpan moment)
    {
        var what = $"kill {version}, {moment.TotalMilliseconds:0} ms after the push began";
        var server = (await ServerAsync(platform)).ProcessId;
        var commit = await CommitAsync(platform, version);
        var push = GitAsync(platform, "push", "-q", "portico", "main");
        await Task.WhenAny(Task.Delay(moment, Token));
        var newest = await NewestAsync(platform);
        Signals.Kill(server);
        var state = newest is { } deploy && deploy.Commit == commit ? deploy.Status : "not there yet";
        _killedIn[state] = _killedIn.GetValueOrDefault(state) + 1;
        await push;
        await Eventually.TrueAsync(async () => await platform.ServerStatusAsync() is { } status && status.ServerProcessId != server, Soon, $"the server is back ({what})");
        // A push that broke is repeated, as its user would; one that came through is not done twice.
        await PushAsync(platform);
        await Eventually.TrueAsync(async () => await AnswerAsync(platform) == $"version {version}", Soon, $"version {version} answers ({what})");
        await CheckDeploysAsync(platform, commit, what);
        await Eventually.TrueAsync(async () => await LeftAsync(platform) is null, Soon, $"nothing is left over ({what}): {await LeftAsync(platform)}");
    }

    private static async Task CheckDeploysAsync(TestPlatform platform, string commit, string what)
    {
        await Eventually.TrueAsync(
            async () => (await DeploysAsync(platform)).All(deploy => deploy.Status is "live" or "deactivated" or "canceled"), Soon, $"every deploy has ended ({what})");
        var deploys = await DeploysAsync(platform);
        var live = Assert.Single(deploys, deploy => deploy.Status == "live");
        Assert.Equal(commit, live.Commit);
        Assert.Single(deploys, deploy => deploy.Commit == commit);
    }

    /// <summary>Null when there are only the platform, one instance, and the directories of deploys that are known.</summary>
    private static async Task<string?> LeftAsync(TestPlatform platform)
    {
        if (await platform.ServerStatusAsync() is not { } status)
            return "the server does not answer";
        var instances = status.Resources.Single(resource => resource.Name == HelloApp.Name).Instances;
        if (instances.Count != 1)
            return $"{instances.Count} instances";
        var processes = Leftovers.Find(platform.Home).Where(process =>
            !OfThePlatform.Any(name => process.Command.Contains(name, StringComparison.Ordinal)) && !IsOf(process.Id, instances[0].Id));
        var engine = Path.Combine(platform.Home, "engine");
        var directories = Directory.GetDirectories(Path.Combine(engine, "instances")).Where(path => Path.GetFileName(path) != instances[0].Id)
            .Concat(Directory.GetFiles(Path.Combine(engine, "revisions"), "*.new"))
            .Concat(Directory.GetFileSystemEntries(Path.Combine(engine, "files")))
            .Concat(Directory.GetDirectories(Path.Combine(platform.Home, "sites")).Where(_ => true))
            .Concat(Directory.GetFileSystemEntries(Path.Combine(platform.Home, "sources"), "*.lock", SearchOption.AllDirectories))
            .Concat(Directory.GetFileSystemEntries(Path.Combine(platform.Home, "sources"), "tmp_objdir*", SearchOption.AllDirectories));
        var left = processes.Select(process => $"process {process.Id} {process.Command}").Concat(directories).ToList();
        return left.Count == 0 ? null : string.Join("; ", left);
    }

    private static bool IsOf(int process, string instance)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ").Contains(instance, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true; // It has just ended.
        }
    }

    private static async Task<(int ProcessId, string Service)> ServerAsync(TestPlatform platform)
    {
        var status = await Eventually.NotNullAsync(platform.ServerStatusAsync, Soon, "the server answers");
        return (status.ServerProcessId, status.Resources.Single(resource => resource.Name == HelloApp.Name).Id);
    }

    private static async Task<(string Status, string? Commit)?> NewestAsync(TestPlatform platform) =>
        await platform.ServerStatusAsync() is not null && await DeploysAsync(platform) is [var newest, ..] ? newest : null;

    /// <summary>Newest first: enough to see those of this round and the one before.</summary>
    private static async Task<IReadOnlyList<(string Status, string? Commit)>> DeploysAsync(TestPlatform platform)
    {
        var (_, service) = await ServerAsync(platform);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{platform.Port}/v1/services/{service}/deploys?limit=20");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), Token)).Trim());
        using var response = await platform.Http.SendAsync(request, Token);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return [.. answer.RootElement.EnumerateArray().Select(item => item.GetProperty("deploy")).Select(deploy => (
            deploy.GetProperty("status").GetString()!,
            deploy.TryGetProperty("commit", out var commit) ? commit.GetProperty("id").GetString() : null))];
    }

    private static async Task<string> AnswerAsync(TestPlatform platform)
    {
        try
        {
            return await HelloApp.AskAsync(platform);
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }

    private static async Task<string> CommitAsync(TestPlatform platform, int version)
    {
        platform.Write("server.js", $$"""
            const server = require("node:http").createServer((request, response) => response.end("version {{version}}"));
            server.listen(process.env.PORT, "0.0.0.0");
            process.on("SIGTERM", () => process.exit(0));
            """);
        await GitAsync(platform, "add", "-A");
        await GitAsync(platform, "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-m", $"Version {version}");
        return (await GitAsync(platform, "rev-parse", "HEAD")).Output.Trim();
    }

    private static Task PushAsync(TestPlatform platform) => Eventually.TrueAsync(
        async () => (await GitAsync(platform, "push", "-q", "portico", "main")).ExitCode == 0, Soon, "the push is taken");

    private static async Task<(int ExitCode, string Output)> GitAsync(TestPlatform platform, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = platform.App, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        using var git = Process.Start(start)!;
        var error = git.StandardError.ReadToEndAsync(Token);
        var output = await git.StandardOutput.ReadToEndAsync(Token);
        await git.WaitForExitAsync(Token);
        await error;
        return (git.ExitCode, output);
    }

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
