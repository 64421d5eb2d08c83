using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portico.EndToEnd.Guestbook;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>The machine loses its power, and <c>portico start</c> is all that is said to it afterwards.</summary>
public sealed class RebootTests
{
    private const string Nap = "nap", Cache = "cache", Cron = "nightly";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_comes_back_as_it_was()
    {
        Programs.Require("git", "node", "npm", "psql", "redis-cli");
        await using var platform = new TestPlatform(new Dictionary<string, string?> { ["PORTICO_SLEEP_AFTER_SECONDS"] = "2" });
        MakeShop(platform);
        (await platform.UpAsync()).ShouldSucceed();
        var api = (await platform.StatusAsync())[GuestbookFixture.Api];
        await RenderApi.PutAsync(platform, $"services/{api.Id}/env-vars/GREETING", new { value = "changed by API" });
        await Eventually.TrueAsync(async () => (await platform.StatusAsync())[GuestbookFixture.Api].Instances.Count == 1
            && await RenderApi.DeploysAsync(platform, api.Id) is [var newest, _] && newest.EndsWith(" live", StringComparison.Ordinal), Soon, "it is deployed");
        await WriteAsync(platform);
        await Eventually.TrueAsync(async () => (await platform.StatusAsync())[Nap] is { Status: "asleep", Instances.Count: 0 }, Soon, "it sleeps");
        var before = await PictureAsync(platform);

        await PowerCut.StrikeAsync(platform.Home);
        var start = (await platform.RunAsync("start")).ShouldSucceed();

        Assert.Contains("Everything is running again.", start.Output, StringComparison.Ordinal);
        // At once: whoever waits for `start` asks for the app next.
        Assert.Contains("Kept", await GetAsync(platform, GuestbookFixture.Api, "/api/entries"), StringComparison.Ordinal);
        Assert.Contains("<script", await GetAsync(platform, GuestbookFixture.Web, "/"), StringComparison.Ordinal);
        Assert.Equal(before, await PictureAsync(platform));
        Assert.Equal("kept", await CacheAsync(platform, "GET", "word"));
        Assert.Equal("good morning", await GetAsync(platform, Nap, "/"));
        Assert.Contains("Everything is already running", (await platform.RunAsync("start")).ShouldSucceed().Output, StringComparison.Ordinal);
        (await platform.RunAsync("down")).ShouldSucceed();
        (await platform.RunAsync("start")).ShouldSucceed();
        Assert.Contains("Kept", await GetAsync(platform, GuestbookFixture.Api, "/api/entries"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deploy_under_way_goes_on_or_says_why_not()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        var service = (await platform.StatusAsync())[HelloApp.Name].Id;
        platform.Replace("server.js", "\"hello\"", "\"hello again\"");
        platform.Replace("render.yaml", "buildCommand: \"true\"", "buildCommand: \"echo building; sleep 4\"");

        using var up = platform.Start("up", "--detach", "--no-input");
        await Eventually.TrueAsync(
            async () => (await platform.RunAsync("logs", HelloApp.Name, "--build")).Output.Contains("building", StringComparison.Ordinal), Soon, "it builds");
        await PowerCut.StrikeAsync(platform.Home);
        await up.EndAsync(Soon);
        await platform.RunAsync("start");

        var deploys = await RenderApi.DeploysAsync(platform, service);
        Assert.Equal(2, deploys.Count);
        var isLive = deploys[0].EndsWith(" live", StringComparison.Ordinal);
        Assert.True(isLive || deploys[0].EndsWith(" build_failed", StringComparison.Ordinal), string.Join(", ", deploys));
        Assert.Equal(isLive ? "hello again" : "hello", await HelloApp.AskAsync(platform));
        TestContext.Current.TestOutputHelper?.WriteLine($"After the cut: {string.Join(", ", deploys)}");
        await SettledAsync(platform);
    }

    [Fact]
    public async Task Numbers_of_processes_that_others_have_now_are_left_alone()
    {
        Programs.Require("git", "node");
        await using var platform = HelloApp.Create();
        (await platform.UpAsync()).ShouldSucceed();
        await PowerCut.StrikeAsync(platform.Home);
        // It ends when its input does, at the latest with this test.
        using var stranger = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        var run = Path.Combine(platform.Home, "run");
        foreach (var name in (string[])["server.lock", "edge.lock", "server.held"])
            await File.WriteAllTextAsync(Path.Combine(run, name), stranger.Id.ToString(CultureInfo.InvariantCulture), Token);
        await File.WriteAllTextAsync(Path.Combine(run, $"e{stranger.Id}"), "", Token);

        (await platform.RunAsync("start")).ShouldSucceed();

        Assert.Equal("hello", await HelloApp.AskAsync(platform));
        (await platform.RunAsync("down")).ShouldSucceed();
        Assert.False(stranger.HasExited);
    }

    [Fact]
    public async Task A_port_that_somebody_else_took_is_named()
    {
        Programs.Require("git", "node", "redis-cli");
        await using var platform = HelloApp.Create();
        platform.Write("render.yaml", HelloApp.Blueprint + KeyValue);
        (await platform.UpAsync()).ShouldSucceed();
        var status = await platform.StatusAsync();
        await PowerCut.StrikeAsync(platform.Home);

        using (Take(IPAddress.Any, platform.Port))
            Assert.Equal(3, (await platform.RunAsync("start")).ShouldFailSaying($"Port {platform.Port} is already in use by").ExitCode);
        if (PrivateNetwork.Of(platform) is { EdgePort: var edge })
        {
            // Each workload has all ports of its own network, so there is one left that somebody else can take.
            using (Take(IPAddress.Loopback, edge))
                (await platform.RunAsync("start")).ShouldFailSaying("The edge serves requests, except: ", $"{edge}");
            (await platform.RunAsync("start")).ShouldSucceed();
            Assert.Equal("hello", await HelloApp.AskAsync(platform));
            return;
        }
        using (Take(IPAddress.Loopback, PortOf(status[Cache])))
        {
            var start = platform.Start("start");
            await Eventually.TrueAsync(async () => (await platform.RunAsync("logs", Cache)).Output.Contains(
                $"Port {PortOf(status[Cache])} is in use by another program", StringComparison.Ordinal), Soon, "it says which port");
            Assert.Equal("hello", await HelloApp.AskAsync(platform));
            start.Interrupt();
            Assert.Equal(130, (await start.EndAsync(Soon)).ExitCode);
        }
        (await platform.RunAsync("start")).ShouldSucceed();
        Assert.Equal(status[Cache].InternalAddress, (await platform.StatusAsync())[Cache].InternalAddress);
        (await platform.RunAsync("down")).ShouldSucceed();
        using (Take(IPAddress.Loopback, PortOf(status[HelloApp.Name])))
            (await platform.RunAsync("start")).ShouldFailSaying("The edge serves requests, except: ", $"{PortOf(status[HelloApp.Name])}");
    }

    private const string KeyValue = $"""

          - type: keyvalue
            name: {Cache}
            plan: starter
            ipAllowList: []
        """;

    private static TcpListener Take(IPAddress address, int port)
    {
        var listener = new TcpListener(address, port);
        listener.Start();
        return listener;
    }

    private static int PortOf(Resource resource) => int.Parse(resource.InternalAddress!.Split(':')[^1], CultureInfo.InvariantCulture);

    private static void MakeShop(TestPlatform platform)
    {
        platform.CopyExample("guestbook");
        platform.Replace("render.yaml", "\ndatabases:", $"""
            {KeyValue}
              - type: web
                name: {Nap}
                runtime: node
                plan: free
                rootDir: nap
                buildCommand: "true"
                startCommand: node server.js
              - type: cron
                name: {Cron}
                runtime: node
                rootDir: nap
                schedule: "0 3 1 1 *"
                buildCommand: "true"
                startCommand: node --version

            databases:
            """);
        platform.Write("nap/server.js", """
            require("node:http").createServer((request, response) => response.end("good morning")).listen(process.env.PORT, "0.0.0.0");
            """);
    }

    private static async Task WriteAsync(TestPlatform platform)
    {
        using var entry = GuestbookFixture.WriteEntry(platform, "Kept");
        using var answer = await platform.Http.SendAsync(entry, Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("OK", await CacheAsync(platform, "SET", "word", "kept"));
    }

    private static async Task<string> CacheAsync(TestPlatform platform, params string[] command)
    {
        var store = (await platform.StatusAsync())[Cache].Id;
        var url = (await RenderApi.GetAsync(platform, $"key-value/{store}/connection-info")).GetProperty("externalConnectionString").GetString()!;
        using var client = new CommandRun(Programs.Find("redis-cli")!, ["-u", url, .. command], new Dictionary<string, string?>(), platform.App);
        return (await client.EndAsync(Soon)).ShouldSucceed().Output.Trim();
    }

    private static Task<string> GetAsync(TestPlatform platform, string service, string path) =>
        platform.Http.GetStringAsync(platform.UrlOf(service) + path, Token);

    /// <summary>All that must be the same afterwards.</summary>
    private static async Task<string> PictureAsync(TestPlatform platform)
    {
        await SettledAsync(platform);
        var lines = new List<string>();
        foreach (var resource in (await platform.StatusAsync()).Values.OrderBy(resource => resource.Name, StringComparer.Ordinal))
        {
            lines.Add($"{resource.Name} {resource.Id} {resource.Status} {resource.Url} {resource.InternalAddress} {resource.Instances.Count}");
            if (resource.Deploy is not null)
                lines.AddRange(await RenderApi.DeploysAsync(platform, resource.Id));
        }
        var api = (await platform.StatusAsync())[GuestbookFixture.Api];
        lines.Add((await RenderApi.GetAsync(platform, $"services/{api.Id}/env-vars/GREETING")).GetRawText());
        lines.Add(await GetAsync(platform, GuestbookFixture.Api, "/api/entries"));
        return string.Join('\n', lines);
    }

    /// <summary>An instance that was replaced may have requests to answer; then nothing is doubled or left over.</summary>
    private static async Task SettledAsync(TestPlatform platform)
    {
        string? odd = null;
        await Eventually.TrueAsync(async () => (odd = await OddAsync(platform)) is null, Soon, "nothing is doubled or left over")
            .ContinueWith(waited => Assert.True(waited.IsCompletedSuccessfully, odd), TaskScheduler.Default);
    }

    /// <summary>What is there twice, or should not be there; null when nothing is.</summary>
    private static async Task<string?> OddAsync(TestPlatform platform)
    {
        var instances = (await platform.StatusAsync()).Values.SelectMany(resource => resource.Instances).Select(instance => instance.Id).Order().ToList();
        var directories = Directory.GetDirectories(Path.Combine(platform.Home, "engine", "instances")).Select(path => Path.GetFileName(path)!).Order().ToList();
        if (!instances.SequenceEqual(directories))
            return $"instances {string.Join(", ", instances)}, directories {string.Join(", ", directories)}";
        var processes = Leftovers.Find(platform.Home);
        var counts = ((string[])["keep.sh", "portico-server", "portico-edge"])
            .Select(name => processes.Count(process => process.Command.Split(' ').Take(2).Any(word => word.EndsWith("/" + name, StringComparison.Ordinal))));
        if (!counts.SequenceEqual([2, 1, 1]))
            return string.Join("; ", processes);
        // Each instance has one that waits for it.
        var witnesses = processes.Count(process => process.Command.Contains("launch.sh start", StringComparison.Ordinal));
        return witnesses == instances.Count ? null : $"{witnesses} witnesses of {string.Join(", ", instances)}: {string.Join("; ", processes)}";
    }
}
