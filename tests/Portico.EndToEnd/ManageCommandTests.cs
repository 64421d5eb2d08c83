using System.Diagnostics;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>What a user does with one service from the terminal, against the real server.</summary>
public sealed class ManageCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variables_are_set_pulled_imported_and_removed()
    {
        Programs.Require("git", "node");
        await using var platform = Create();
        platform.Write("render.yaml", HelloApp.Blueprint + "\n    envVars: [{ key: OWN_PORT, fromService: { type: web, name: hello, property: port } }]\n");
        (await platform.UpAsync()).ShouldSucceed();

        (await platform.RunAsync("env", "set", HelloApp.Name, "GREETING=good morning", "TOKEN=s3cret")).ShouldSucceed();

        await Eventually.BecomesAsync(() => HelloApp.AskAsync(platform), text => text == "good morning s3cret", Patience, "the change is deployed");
        var list = (await platform.RunAsync("env", "list", HelloApp.Name)).ShouldSucceed();
        Assert.Contains("GREETING", list.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", list.Text, StringComparison.Ordinal);
        (await platform.RunAsync("env", "pull", HelloApp.Name)).ShouldSucceed();
        var file = Path.Combine(platform.App, ".env");
        var pulled = await File.ReadAllLinesAsync(file, Token);
        Assert.Equal(["GREETING='good morning'", "TOKEN=s3cret"], pulled.Where(line => !line.StartsWith("OWN_PORT=", StringComparison.Ordinal)));

        await File.WriteAllLinesAsync(file, ["GREETING=\"it's\\nlate\" # comment", .. pulled.Skip(1)], Token);
        (await platform.RunAsync("env", "import", HelloApp.Name)).ShouldSucceed();
        (await platform.RunAsync("env", "unset", HelloApp.Name, "TOKEN")).ShouldSucceed();

        await Eventually.BecomesAsync(() => HelloApp.AskAsync(platform), text => text == "it's\nlate undefined", Patience, "the second change is deployed");
        Assert.Contains("fromService", (await platform.RunAsync("blueprint", "export", "-")).ShouldSucceed().Output, StringComparison.Ordinal);
        (await platform.RunAsync("env", "set", HelloApp.Name, "1A=x")).ShouldFailSaying("KEY=VALUE");
        (await platform.RunAsync("env", "unset", HelloApp.Name, "TOKEN")).ShouldFailSaying("has no variable TOKEN");
    }

    [Fact]
    public async Task A_service_is_deployed_rolled_back_scaled_suspended_resumed_and_deleted()
    {
        Programs.Require("git", "node");
        await using var platform = Create();
        (await platform.UpAsync()).ShouldSucceed();
        var first = (await platform.StatusAsync())[HelloApp.Name].Deploy!.Id;

        var deploy = (await platform.RunAsync("deploy", HelloApp.Name, "--clear-cache")).ShouldSucceed();
        Assert.Contains($"hello is live: {platform.UrlOf(HelloApp.Name)}", deploy.Output, StringComparison.Ordinal);
        (await platform.RunAsync("deploy", HelloApp.Name, "--commit", "ffffffffffffffffffffffffffffffffffffffff")).ShouldFailSaying("error:");
        var deploys = JsonElement.Parse((await platform.RunAsync("deploys", HelloApp.Name, "--json")).ShouldSucceed().Output);
        Assert.Equal(("live", first), (deploys[0].GetProperty("status").GetString(), deploys[deploys.GetArrayLength() - 1].GetProperty("id").GetString()));

        var rollback = JsonElement.Parse((await platform.RunAsync("rollback", HelloApp.Name, "--json")).ShouldSucceed().Output);
        Assert.Equal(first, rollback.GetProperty("target").GetString());
        Assert.Contains("auto-deploy is off", (await platform.RunAsync("env", "set", HelloApp.Name, "A=1")).ShouldSucceed().Output, StringComparison.Ordinal);

        (await platform.RunAsync("scale", HelloApp.Name, "2")).ShouldSucceed();
        await BecomesAsync(platform, hello => hello?.Instances.Count(instance => instance.Status == "ready") == 2, "two instances run");
        (await platform.RunAsync("suspend", HelloApp.Name)).ShouldSucceed();
        await BecomesAsync(platform, hello => hello is { Status: "suspended", Instances.Count: 0 }, "it is suspended");
        (await platform.RunAsync("deploy", HelloApp.Name)).ShouldFailSaying("suspended", "resume");
        (await platform.RunAsync("resume", HelloApp.Name)).ShouldSucceed();
        await BecomesAsync(platform, hello => hello?.Status == "live", "it is live again");

        (await platform.RunAsync("delete", HelloApp.Name)).ShouldFailSaying("--yes");
        (await platform.RunAsync("delete", HelloApp.Name, "--yes")).ShouldSucceed();
        await BecomesAsync(platform, hello => hello is null, "it is deleted");
    }

    [Fact]
    public async Task Services_and_stores_are_created_and_used_without_a_file()
    {
        Programs.Require("git", "node", "redis-cli");
        await using var platform = Create();
        await CommitAsync(platform);
        (await platform.RunAsync("start")).ShouldSucceed();

        var store = (await platform.RunAsync("create", "keyvalue", "cache")).ShouldSucceed();
        Assert.Contains("cache is available.", store.Output, StringComparison.Ordinal);
        Assert.StartsWith("redis://", (await platform.RunAsync("db", "url", "cache")).ShouldSucceed().Output, StringComparison.Ordinal);
        var web = (await platform.RunAsync(
            "create", "web", HelloApp.Name, "--repo", ".", "--runtime", "node", "--build-command", "true", "--start-command", "node server.js",
            "--env-var", "GREETING=hi", "--env-var", "TOKEN=there", "--json")).ShouldSucceed();
        Assert.Equal("web_service", JsonElement.Parse(web.Output).GetProperty("type").GetString());
        Assert.Equal("hi there", await HelloApp.AskAsync(platform));
        (await platform.RunAsync("create", "web", HelloApp.Name, "--repo", ".", "--runtime", "node", "--start-command", "node server.js")).ShouldFailSaying(HelloApp.Name);
        (await platform.RunAsync("create", "web", "broken", "--repo", ".", "--runtime", "node", "--build-command", "echo oh no; exit 3", "--start-command", "true"))
            .ShouldFailSaying("build failed", "oh no", "portico logs broken");

        (await platform.RunAsync("domains", "add", HelloApp.Name, "shop.example.test")).ShouldSucceed();
        Assert.Contains("shop.example.test", (await platform.RunAsync("domains", "list", HelloApp.Name)).ShouldSucceed().Output, StringComparison.Ordinal);
        (await platform.RunAsync("domains", "remove", HelloApp.Name, "shop.example.test")).ShouldSucceed();
        Assert.Equal("[]", (await platform.RunAsync("domains", "list", HelloApp.Name, "--json")).ShouldSucceed().Output.Trim());
        Assert.Contains("deploy ended", (await platform.RunAsync("events", HelloApp.Name)).ShouldSucceed().Output, StringComparison.Ordinal);

        (await platform.RunAsync("jobs", "run", HelloApp.Name, "echo \"$GREETING\" > /tmp/x && test -s server.js")).ShouldSucceed();
        (await platform.RunAsync("jobs", "run", HelloApp.Name, "exit 3")).ShouldFailSaying("failed");
        Assert.Equal(2, JsonElement.Parse((await platform.RunAsync("jobs", "list", HelloApp.Name, "--json")).ShouldSucceed().Output).GetArrayLength());
        var waiting = JsonElement.Parse((await platform.RunAsync("jobs", "run", HelloApp.Name, "sleep 600", "--detach", "--json")).ShouldSucceed().Output).GetProperty("id").GetString()!;
        (await platform.RunAsync("jobs", "cancel", HelloApp.Name, waiting)).ShouldSucceed();
        await Eventually.TrueAsync(
            async () => (await platform.RunAsync("jobs", "list", HelloApp.Name)).Output.Contains("canceled", StringComparison.Ordinal), Patience, "the job is canceled");

        (await platform.RunAsync(
            "create", "cron", "nightly", "--schedule", "0 3 * * *", "--repo", ".", "--runtime", "node", "--build-command", "true", "--start-command", "echo cleaned up")).ShouldSucceed();
        (await platform.RunAsync("cron", "run", "nightly")).ShouldSucceed();
        await Eventually.TrueAsync(
            async () => (await platform.RunAsync("logs", "nightly")).Output.Contains("cleaned up", StringComparison.Ordinal), Patience, "the cron job has run");
    }

    [Fact]
    public async Task A_laptop_drives_the_platform_of_another_machine()
    {
        Programs.Require("git", "node", "ssh-keygen");
        await using var platform = Create();
        (await platform.UpAsync()).ShouldSucceed();
        var key = (await platform.RunAsync("keys", "create", "laptop")).ShouldSucceed().Output.Trim();
        var laptop = Directory.CreateTempSubdirectory("portico-laptop-").FullName;
        try
        {
            var login = await LaptopAsync(laptop, key + "\n", "login", $"http://127.0.0.1:{platform.Port}/v1/", "--name", "office");
            Assert.Contains("as owner@localhost", login.ShouldSucceed().Output, StringComparison.Ordinal);
            Assert.Contains("hello", (await LaptopAsync(laptop, null, "status")).ShouldSucceed().Output, StringComparison.Ordinal);
            (await LaptopAsync(laptop, null, "deploy", HelloApp.Name)).ShouldSucceed();
            Assert.Contains("ready", (await LaptopAsync(laptop, null, "status")).ShouldSucceed().Output, StringComparison.Ordinal);
            var metrics = await Eventually.BecomesAsync(
                () => LaptopAsync(laptop, null, "metrics", HelloApp.Name), result => result.Output.Contains("memory", StringComparison.Ordinal), Patience, "it is measured");
            Assert.Contains("MB", metrics.ShouldSucceed().Output, StringComparison.Ordinal);
            (await LaptopAsync(laptop, null, "down", "--delete", "--yes")).ShouldFailSaying("only on the machine of the platform");

            using (var made = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "ada@laptop", "-f", $"{laptop}/id"]))
                await made.WaitForExitAsync(Token);
            var added = await LaptopAsync(laptop, null, "ssh-keys", "add", $"{laptop}/id.pub", "--json");
            if (added.ExitCode == 0)
                (await LaptopAsync(laptop, null, "ssh-keys", "remove", JsonElement.Parse(added.Output).GetProperty("id").GetString()!)).ShouldSucceed();
            else
                added.ShouldFailSaying("SSH");

            var own = JsonElement.Parse((await platform.RunAsync("keys", "list", "--json")).ShouldSucceed().Output).EnumerateArray().Single(item => item.GetProperty("name").GetString() == "laptop");
            (await platform.RunAsync("keys", "revoke", own.GetProperty("id").GetString()!)).ShouldSucceed();
            (await LaptopAsync(laptop, null, "status")).ShouldFailSaying("refused the API key", "portico login");
        }
        finally
        {
            Directory.Delete(laptop, recursive: true);
        }
    }

    /// <summary>Runs the command as a user whose own home has no platform.</summary>
    private static async Task<CommandResult> LaptopAsync(string home, string? input, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = home, ["PORTICO_HOME"] = Path.Combine(home, "portico") };
        using var run = new CommandRun(SourceTree.PathOf("portico"), arguments, environment, home, input);
        return await run.EndAsync(Patience);
    }

    /// <summary>Makes the app's directory a repository, as users have it.</summary>
    private static async Task CommitAsync(TestPlatform platform)
    {
        foreach (var arguments in (string[][])[["init", "-q", "-b", "main"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-qm", "First"]])
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = platform.App })!;
            await git.WaitForExitAsync(Token);
            Assert.Equal(0, git.ExitCode);
        }
    }

    /// <summary>The app answers with two of its variables.</summary>
    private static TestPlatform Create()
    {
        var platform = HelloApp.Create();
        platform.Replace("server.js", "response.end(\"hello\")", "response.end(`${process.env.GREETING} ${process.env.TOKEN}`)");
        return platform;
    }

    private static Task BecomesAsync(TestPlatform platform, Func<Resource?, bool> isReached, string what) => Eventually.TrueAsync(
        async () => isReached((await platform.StatusAsync()).GetValueOrDefault(HelloApp.Name)), Patience, what);
}
