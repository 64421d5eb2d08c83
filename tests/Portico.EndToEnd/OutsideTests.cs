using System.Diagnostics;
using Portico.Api.Contracts.Platform;
using Portico.EndToEnd.Support;

namespace Portico.EndToEnd;

/// <summary>Data stores as clients outside the platform reach them.</summary>
public sealed class OutsideTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_on_the_list_connects_encrypted_until_it_is_off_the_list()
    {
        Programs.Require("psql", "redis-cli");
        await using var platform = new TestPlatform();
        Write(platform, "127.0.0.0/8");
        (await platform.UpAsync()).ShouldSucceed();
        using var client = PlatformClient.Connect(new PlatformPaths(platform.Home));
        var database = (await client.GetConnectionAsync("outside-db", Cancelled)).ExternalConnectionString.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        var store = (await client.GetConnectionAsync("outside-cache", Cancelled)).ExternalConnectionString.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);

        Assert.Equal("t", await AskAsync(database));
        Assert.Contains("no encryption", await AskAsync(database.Replace("require", "disable", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal("PONG", await PingAsync(store));
        Assert.NotEqual("PONG", await PingAsync(store.Replace("rediss", "redis", StringComparison.Ordinal)));
        using var open = Start("psql", [database, "-XAt"]);
        await open.StandardInput.WriteLineAsync("SELECT 'in';");
        Assert.Equal("in", await open.StandardOutput.ReadLineAsync(Cancelled));

        Write(platform, "192.0.2.0/24");
        (await platform.UpAsync()).ShouldSucceed();
        await open.StandardInput.WriteLineAsync("SELECT 'still in';");
        await open.StandardInput.DisposeAsync();
        Assert.Empty(await open.StandardOutput.ReadToEndAsync(Cancelled));
        Assert.NotEqual("t", await AskAsync(database));
        Assert.NotEqual("PONG", await PingAsync(store));
        Assert.Equal("t", (await platform.RunAsync("psql", "outside-db", "--", "-XAtc", "SELECT true")).ShouldSucceed().Output.Trim());
    }

    private static void Write(TestPlatform platform, string source) => platform.Write("render.yaml", $"""
        services:
          - type: keyvalue
            name: outside-cache
            plan: starter
            ipAllowList: [source: {source}]
        databases:
          - name: outside-db
            plan: basic-256mb
            ipAllowList: [source: {source}]
        """);

    private static Task<string> AskAsync(string url) =>
        RunAsync("psql", [url, "-XAtc", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"]);

    private static Task<string> PingAsync(string url) => RunAsync("redis-cli", ["-u", url, "--insecure", "--no-auth-warning", "PING"]);

    /// <returns>What it printed, and what it complained of.</returns>
    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(Cancelled);
        return (await process.StandardOutput.ReadToEndAsync(Cancelled) + await error).Trim();
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
