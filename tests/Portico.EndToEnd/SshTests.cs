using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Portico.EndToEnd.Support;
using Portico.Testing;

namespace Portico.EndToEnd;

/// <summary>Shells over SSH, with OpenSSH's own client and server.</summary>
public sealed class SshTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ssh_reaches_instances_for_as_long_as_the_key_exists()
    {
        Programs.Require("git", "node", "ssh", "ssh-keygen", "perl", "bwrap");
        if (!File.Exists("/usr/sbin/sshd"))
            Assert.Skip("sshd is missing on this machine.");
        var port = FreePort.Find();
        await using var platform = HelloApp.Create(new Dictionary<string, string?> { ["PORTICO_SSH_PORT"] = $"{port}" });
        (await platform.UpAsync()).ShouldSucceed();
        var hello = (await platform.StatusAsync())[HelloApp.Name];
        var keys = Directory.CreateTempSubdirectory("portico-ssh-").FullName;
        try
        {
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{keys}/id");
            using var api = await ApiAsync(platform);
            Assert.False((await DetailsAsync(api, hello.Id)).TryGetProperty("sshAddress", out _));
            var added = await (await api.PostAsJsonAsync("portico/v1/ssh-keys", new { name = "laptop", publicKey = await File.ReadAllTextAsync($"{keys}/id.pub", Token) }, Token)).EnsureSuccessStatusCode()
                .Content.ReadFromJsonAsync<JsonElement>(Token);
            await Eventually.TrueAsync(async () => (await DetailsAsync(api, hello.Id)).TryGetProperty("sshAddress", out var address) && address.GetString() == $"{hello.Id}@localhost",
                TimeSpan.FromSeconds(30), "the SSH server answers");

            var instance = hello.Instances.Single().Id;
            foreach (var name in (string[])[hello.Id, instance])
            {
                var ran = await SshAsync(keys, port, name, "from here", "cat; echo \" $RENDER_INSTANCE_ID 'ü'\"; echo oops >&2; exit 9");
                Assert.Equal((9, $"from here {instance} 'ü'\n"), (ran.Code, ran.Output));
                Assert.Contains("oops\n", ran.Error, StringComparison.Ordinal);
            }
            var terminal = await SshAsync(keys, port, hello.Id, "tty; whoami; ls /run/ssh 2>&1; exit 6\n", null, "-tt");
            Assert.Equal(6, terminal.Code);
            Assert.Contains("/dev/pts/0", terminal.Output, StringComparison.Ordinal);

            var shell = await (await api.PostAsJsonAsync($"v1/services/{hello.Id}/ephemeral-shell", new { }, Token)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(Token);
            var ephemeral = await SshAsync(keys, port, $"{shell.GetProperty("id").GetString()}.{hello.Id}", "", "ls; exit 3");
            Assert.Equal((3, true), (ephemeral.Code, ephemeral.Output.Contains("server.js", StringComparison.Ordinal)));

            // Another user's key is refused, and so is what is no service.
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{keys}/other");
            Assert.Equal(255, (await SshAsync(keys, port, hello.Id, "", "true", key: "other")).Code);
            Assert.Equal(255, (await SshAsync(keys, port, "root", "", "true")).Code);

            // Nothing is left of sessions and of the SSH server when the server is killed, and the next one serves again.
            using (var lost = Start("ssh", [.. Options(keys, port), hello.Id + "@127.0.0.1", "trap '' HUP TERM INT; echo begun; setsid sleep 1008 & sleep 1008"]))
            {
                Assert.Equal("begun", await lost.StandardOutput.ReadLineAsync(Token));
                using var server = Process.GetProcessById((await platform.ServerStatusAsync())!.ServerProcessId);
                server.Kill();
                await lost.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
                Assert.Equal(255, lost.ExitCode);
            }
            await Eventually.TrueAsync(() => Task.FromResult(!IsRunning("1008")), TimeSpan.FromSeconds(30), "the session's processes have ended");
            await Eventually.TrueAsync(async () => (await SshAsync(keys, port, hello.Id, "", "exit 5")).Code == 5, TimeSpan.FromSeconds(60), "the next server serves SSH");

            // A session ends when its key is deleted.
            using var open = Start("ssh", [.. Options(keys, port), hello.Id + "@127.0.0.1", "echo begun; sleep 1007"]);
            Assert.Equal("begun", await open.StandardOutput.ReadLineAsync(Token));
            (await api.DeleteAsync(new Uri($"portico/v1/ssh-keys/{added.GetProperty("id").GetString()}", UriKind.Relative), Token)).EnsureSuccessStatusCode();
            await open.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
            Assert.Equal(255, open.ExitCode);
            Assert.Equal(255, (await SshAsync(keys, port, hello.Id, "", "true")).Code);
            await Eventually.TrueAsync(() => Task.FromResult(!IsRunning("1007")), TimeSpan.FromSeconds(30), "its processes have ended");
            await Eventually.TrueAsync(async () => (await SshAsync(keys, port, hello.Id, "", "true")).Error.Contains("refused", StringComparison.Ordinal), TimeSpan.FromSeconds(30), "without keys, nothing listens");
        }
        finally
        {
            Directory.Delete(keys, recursive: true);
        }
    }

    private static async Task<HttpClient> ApiAsync(TestPlatform platform) => new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{platform.Port}/"),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(platform.Home, "state", "api-key"), Token)).Trim()) },
    };

    private static async Task<JsonElement> DetailsAsync(HttpClient api, string service) =>
        (await api.GetFromJsonAsync<JsonElement>($"v1/services/{service}", Token)).GetProperty("serviceDetails");

    private static string[] Options(string keys, int port, string key = "id") =>
        ["-o", "StrictHostKeyChecking=accept-new", "-o", $"UserKnownHostsFile={keys}/known_hosts", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-i", $"{keys}/{key}", "-p", $"{port}"];

    private static async Task<(int Code, string Output, string Error)> SshAsync(string keys, int port, string name, string input, string? command, string? option = null, string key = "id")
    {
        using var process = Start("ssh", [.. option is null ? Array.Empty<string>() : [option], .. Options(keys, port, key), $"{name}@127.0.0.1", .. command is null ? Array.Empty<string>() : [command]]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(60), Token);
        return (process.ExitCode, await output, await error);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Whether a process of the machine has this argument.</summary>
    private static bool IsRunning(string argument) => Directory.EnumerateDirectories("/proc").Any(process =>
    {
        try
        {
            return char.IsAsciiDigit(Path.GetFileName(process)[0]) && File.ReadAllText($"{process}/cmdline").Split('\0').Contains(argument);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return false;
        }
    });

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
