using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Portico.Core.Routing;

namespace Portico.Edge.Tests.Harness;

/// <summary>The executable itself, killed at the end.</summary>
internal sealed class EdgeProcess : IDisposable
{
    public const int Terminate = 15, Kill = 9;
    private readonly Process _process;
    private readonly StringBuilder _log = new();

    private EdgeProcess(Process process, int port)
    {
        (_process, Port) = (process, port);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public int Port { get; }

    /// <summary>What it has logged, and how it has ended.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return $"{(_process.HasExited ? $"ended with {_process.ExitCode}" : "runs")}: {_log}";
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="descriptors">How many files it may have open; null for as many as this process.</param>
    /// <param name="poolThreads">How many threads its thread pool may have; null for as many as .NET sees fit.</param>
    public static async Task<EdgeProcess> StartAsync(string home, int port = 0, bool takeOver = false, int? descriptors = null, int? poolThreads = null)
    {
        string[] arguments = ["--home", home, "--port", port.ToString(), .. takeOver ? ["--take-over"] : Array.Empty<string>()];
        var executable = Path.Combine(AppContext.BaseDirectory, "portico-edge");
        var start = new ProcessStartInfo(
            descriptors is null ? executable : "/bin/sh",
            descriptors is null ? arguments : ["-c", $"ulimit -n {descriptors} && exec \"$@\"", "sh", executable, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("PORTICO_HOME");
        start.Environment.Remove("PORTICO_HTTP_PORT");
        if (poolThreads is { } threads)
            start.Environment["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = threads.ToString("x");
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        return new EdgeProcess(process, int.Parse(line.Split(' ')[^1]));
    }

    /// <param name="name">The name of its threads, at most 15 characters.</param>
    public int CountThreads(string name) => Directory.GetDirectories($"/proc/{Id}/task").Count(task => File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == name);

    public void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public static async Task<EdgeStatus> StatusAsync(string home)
    {
        using var client = CreateAdminClient(home);
        return await StatusAsync(client);
    }

    public static async Task<EdgeStatus> StatusAsync(HttpClient admin)
    {
        var json = await admin.GetStringAsync("http://edge/status", TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize(json, RoutingJson.Default.EdgeStatus)!;
    }

    /// <summary>A client that keeps its connection to the admin socket.</summary>
    public static HttpClient CreateAdminClient(string home) => new(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(home, "run", "edge.sock")), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    public SocketsHttpHandler CreateHandler() => new()
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
