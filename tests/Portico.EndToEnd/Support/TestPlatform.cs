using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Testing;

namespace Portico.EndToEnd.Support;

/// <summary>A platform of its own: home, port and copy of an app. Stopped and removed when disposed of, whatever happened.</summary>
internal sealed class TestPlatform : IAsyncDisposable
{
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromMinutes(4);

    private readonly string _folder;
    private readonly Dictionary<string, string?> _environment;

    public TestPlatform(IReadOnlyDictionary<string, string?>? settings = null, string? home = null)
    {
        // Not a private folder: the account that workloads run as must be able to pass.
        _folder = Path.Combine(Path.GetTempPath(), "portico-e2e-" + Path.GetRandomFileName());
        Home = home ?? Path.Combine(_folder, "home");
        App = Path.Combine(_folder, "my app"); // a space, because people have them
        Directory.CreateDirectory(App);
        Port = FreePort.Find();
        _environment = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>())
        {
            ["PORTICO_HOME"] = Home,
            ["PORTICO_HTTP_PORT"] = $"{Port}",
        };
        Http = HttpTo(Port);
    }

    public string Home { get; }

    /// <summary>The directory that <c>up</c> is given.</summary>
    public string App { get; }

    public int Port { get; }

    /// <summary>A command that runs the commands of this platform elsewhere.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Reaches every name at this platform's edge.</summary>
    public HttpClient Http { get; }

    public string UrlOf(string service) => $"http://{service}.localhost:{Port}";

    public void CopyExample(string name)
    {
        var source = SourceTree.PathOf("examples", name);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(source, file);
            if (!path.Split('/').Any(part => part is "node_modules" or "dist" or "__pycache__"))
                Write(path, File.ReadAllText(file));
        }
    }

    public void Write(string path, string content)
    {
        var target = Path.Combine(App, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, content);
    }

    public void Replace(string path, string old, string replacement)
    {
        var content = File.ReadAllText(Path.Combine(App, path));
        Assert.Contains(old, content, StringComparison.Ordinal);
        Write(path, content.Replace(old, replacement, StringComparison.Ordinal));
    }

    /// <summary>Takes a setting out of the environment of the commands that follow.</summary>
    public void Unset(string variable) => _environment[variable] = null;

    public CommandRun Start(params string[] arguments) => Start(arguments, input: null);

    public async Task<CommandResult> RunWithInputAsync(string input, params string[] arguments)
    {
        using var run = Start(arguments, input);
        return await run.EndAsync(CommandTimeout);
    }

    /// <summary>Runs the command in a terminal of 101 columns and 31 rows, in which somebody types.</summary>
    public async Task<CommandResult> RunInTerminalAsync(string typed, string arguments)
    {
        using var run = new CommandRun("script", ["-qefc", $"stty cols 101 rows 31; exec '{SourceTree.PathOf("portico")}' {arguments}", "/dev/null"], _environment, App, typed);
        return await run.EndAsync(CommandTimeout);
    }

    /// <summary>Runs lines that a user pastes into a shell: <c>portico</c> is the command, and the key of the machine's owner is in the environment.</summary>
    public async Task<CommandResult> RunShellAsync(string lines)
    {
        const string Script = """portico() { env -u PORTICO_API_KEY "$0" "$@"; }; """;
        var environment = new Dictionary<string, string?>(_environment)
        {
            ["PORTICO_API_KEY"] = (await File.ReadAllTextAsync(new PlatformPaths(Home).ApiKey, TestContext.Current.CancellationToken)).Trim(),
        };
        using var run = new CommandRun("sh", ["-c", Script + lines, SourceTree.PathOf("portico")], environment, App);
        return await run.EndAsync(CommandTimeout);
    }

    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var run = Start(arguments);
        return await run.EndAsync(CommandTimeout);
    }

    public Task<CommandResult> UpAsync(params string[] more) => RunAsync(["up", "--detach", "--no-input", .. more]);

    public async Task<IReadOnlyDictionary<string, Resource>> StatusAsync()
    {
        var result = (await RunAsync("status", "--json")).ShouldSucceed();
        return JsonSerializer.Deserialize<Resource[]>(result.Output, JsonSerializerOptions.Web)!.ToDictionary(resource => resource.Name);
    }

    /// <summary>Straight from the server: also the process ids of server and edge. Null while it does not answer.</summary>
    public async Task<PlatformStatus?> ServerStatusAsync()
    {
        try
        {
            using var client = PlatformClient.Connect(new PlatformPaths(Home));
            return await client.GetStatusAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or PlatformException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        var problem = await StopAsync();
        var left = Leftovers.KillAll(Home);
        if (left.Count > 0)
            problem += $"\n`down` left these processes running: {string.Join(", ", left)}\n{ServerLog()}";
        await Eventually.TrueAsync(() => Task.FromResult(Leftovers.KillAll(Home).Count == 0), TimeSpan.FromSeconds(10), $"nothing of {Home} runs");
        Directory.Delete(_folder, recursive: true);
        Assert.True(problem is null, problem);
    }

    private CommandRun Start(string[] arguments, string? input)
    {
        string[] command = [.. Prefix, SourceTree.PathOf("portico"), .. arguments];
        return new CommandRun(command[0], command[1..], _environment, App, input);
    }

    private string ServerLog()
    {
        var log = new PlatformPaths(Home).ServerLog;
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(30)) : "";
    }

    private async Task<string?> StopAsync()
    {
        if (!Directory.Exists(Home))
            return null;
        try
        {
            var down = await RunAsync("down", "--delete", "--yes");
            if (down.ExitCode != 0)
                return down.ToString();
            return Directory.Exists(Home) ? $"`down --delete` left {string.Join(", ", Directory.EnumerateFileSystemEntries(Home))}" : null;
        }
        catch (TimeoutException e)
        {
            return e.Message;
        }
    }

    private static HttpClient HttpTo(int port) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        // Not every resolver knows names under localhost.
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
        MaxConnectionsPerServer = LoadGenerator.Connections,
    });
}
