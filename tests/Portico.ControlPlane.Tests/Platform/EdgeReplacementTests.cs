using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Platform;
using Portico.ControlPlane.Routing;
using Portico.ControlPlane.Running;
using Portico.Core.Routing;
using Portico.Hosting.Loops;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Platform;

/// <summary>An edge that cannot do its work is replaced by another one, with real processes under load.</summary>
public sealed class EdgeReplacementTests : IAsyncDisposable
{
    private const int Workers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly string _folder = Directory.CreateTempSubdirectory("portico-").FullName;
    private readonly PlatformSettings _settings;
    private readonly RoutesState _routes = new();
    private readonly FasterTime _time = new();
    private readonly EdgeClient _client;
    private readonly EdgeHost _host;
    private readonly CancellationTokenSource _end = new();
    private readonly App _app = new();
    private readonly List<string> _failures = [];
    private readonly Task _observing;
    private readonly LoopRegistry _registry = new();

    /// <summary>A link, so that the program can be missing for a while.</summary>
    private readonly string _program;
    private readonly string _edge;
    private int _answered;

    public EdgeReplacementTests()
    {
        _settings = new PlatformSettings { Paths = new PlatformPaths(_folder), HttpPort = FreePort.Find() };
        Directory.CreateDirectory(_settings.Paths.Run);
        Directory.CreateDirectory(Path.GetDirectoryName(_settings.Paths.EdgeLog)!);
        WriteRoutes(1);
        _client = new EdgeClient(_settings.Paths.EdgeSocket);
        _edge = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Portico.Edge", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "portico-edge"));
        _program = Path.Combine(_folder, "portico-edge");
        File.CreateSymbolicLink(_program, _edge);
        var program = new EdgeProgram(_program, SourceTree.PathOf("src", "Portico.Server", "keep.sh"));
        var loops = new BackgroundLoops(_registry, _time, NullLogger<BackgroundLoops>.Instance);
        _host = new EdgeHost(_settings, program, _routes, loops, _time, NullLogger<EdgeHost>.Instance);
        _observing = ObserveAsync();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _host.EndAsync(CancellationToken.None);
        await _end.CancelAsync();
        await _observing;
        _host.Dispose();
        _client.Dispose();
        _app.Dispose();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_edge_that_is_unhealthy_for_15_seconds_hands_over_to_another_one_without_a_dropped_request()
    {
        await _host.StartAsync(Cancelled);
        var old = await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy);
        var load = Enumerable.Range(0, Workers).Select(_ => LoadAsync()).ToArray();
        await AnswersAsync(200);
        var began = _time.GetUtcNow();
        BreakRoutes();
        await EdgeAsync(edge => edge.Health == EdgeHealth.Unhealthy);
        var next = await EdgeAsync(edge => edge.ProcessId != old.ProcessId);
        Assert.True(_time.GetUtcNow() - began >= Patience, "it had its time to recover");
        await AnswersAsync(200);
        WriteRoutes(2);
        await EdgeAsync(edge => edge is { Health: EdgeHealth.Healthy, Version: 2 } && edge.ProcessId == next.ProcessId);
        await Eventually.TrueAsync(() => KeeperProcess.ExecutableOf(old.ProcessId) is null, "the old edge has ended");
        await AnswersAsync(200);
        await _end.CancelAsync();
        await Task.WhenAll(load);
        Assert.Empty(_failures);
    }

    [Fact]
    public async Task An_edge_whose_program_is_missing_is_kept_until_the_program_is_there_again()
    {
        await _host.StartAsync(Cancelled);
        var old = await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy);
        Assert.True(_host.IsCurrent(old));
        File.Delete(_program);
        Assert.False(_host.IsCurrent(old));
        BreakRoutes();
        await EdgeAsync(edge => edge.Health == EdgeHealth.Unhealthy);
        var (began, passes) = (_time.GetUtcNow(), Passes());
        await Eventually.TrueAsync(() => Passes() >= passes + 2 && _time.GetUtcNow() - began > 2 * Patience, "it had its time to recover");
        Assert.Equal(old.ProcessId, (await EdgeAsync(_ => true)).ProcessId);
        var load = LoadAsync();
        await AnswersAsync(20);
        File.CreateSymbolicLink(_program, _edge);
        await EdgeAsync(edge => edge.ProcessId != old.ProcessId);
        await _end.CancelAsync();
        await load;
        Assert.Empty(_failures);
    }

    private long Passes() => _registry.Read().Single(loop => loop.Name == "edge").Passes;

    /// <summary>The edge itself notices nothing: the connections that it keeps for checks are taken.</summary>
    [Fact]
    public async Task An_edge_whose_public_port_does_not_answer_the_check_is_replaced_too()
    {
        await _host.StartAsync(Cancelled);
        var old = await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy);
        var check = new PublicPortCheck(_settings.HttpPort);
        await Eventually.TrueAsync(async () => await check.FindProblemAsync(Cancelled) is null, "the check succeeds");
        var taken = new List<Socket>();
        await Eventually.TrueAsync(async () =>
        {
            taken.Add(await ConnectAsync());
            return await check.FindProblemAsync(Cancelled) is not null;
        }, "the check fails");
        Assert.Equal(EdgeHealth.Healthy, (await EdgeAsync(_ => true)).Health);
        await EdgeAsync(edge => edge.ProcessId != old.ProcessId);
        taken.ForEach(socket => socket.Dispose());
        await Eventually.TrueAsync(async () => await check.FindProblemAsync(Cancelled) is null, "the check succeeds");
    }

    [Fact]
    public async Task An_edge_that_does_not_hand_over_is_ended_so_that_another_one_gets_its_port()
    {
        await _host.StartAsync(Cancelled);
        var old = await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy);
        // Whoever asks for the sockets here waits in vain.
        using var silent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        File.Delete(_settings.Paths.EdgeHandover);
        silent.Bind(new UnixDomainSocketEndPoint(_settings.Paths.EdgeHandover));
        silent.Listen();
        BreakRoutes();
        await EdgeAsync(edge => edge.Health == EdgeHealth.Unhealthy);

        await Eventually.TrueAsync(() => KeeperProcess.ExecutableOf(old.ProcessId) is null, "the old edge was ended", () => ReadLog());
        WriteRoutes(2);

        await EdgeAsync(edge => edge is { Health: EdgeHealth.Healthy, Version: 2 } && edge.ProcessId != old.ProcessId);
    }

    [Fact]
    public async Task Ending_finds_edges_and_keepers_whose_lock_has_been_moved_away()
    {
        await _host.StartAsync(Cancelled);
        var first = await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy);
        var lockFile = Path.Combine(_settings.Paths.Run, "edge.lock");
        // As during a hand-over: the keeper of the old edge holds a lock of another name.
        File.Move(lockFile, lockFile + ".before");
        await EdgeAsync(edge => edge.Health == EdgeHealth.Healthy && edge.ProcessId != first.ProcessId);
        File.Delete(lockFile);
        File.Delete(lockFile + ".before");

        await _host.EndAsync(Cancelled);

        Assert.Empty(KeeperProcess.WithArguments(_program, ["--home", _folder]));
        Assert.Null(KeeperProcess.ExecutableOf(first.ProcessId));
    }

    [Fact]
    public async Task The_check_tells_a_port_that_answers_from_one_that_is_silent_closed_or_not_HTTP()
    {
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        Assert.Contains("within 2 seconds", await new PublicPortCheck(port).FindProblemAsync(Cancelled), StringComparison.Ordinal);
        silent.Stop();
        Assert.Contains("does not answer", await new PublicPortCheck(port).FindProblemAsync(Cancelled), StringComparison.Ordinal);
        Assert.Null(await new PublicPortCheck(_app.Port).FindProblemAsync(Cancelled));
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(EdgeStatus.CheckSource), 0));
        await socket.ConnectAsync(IPAddress.Loopback, _settings.HttpPort, Cancelled);
        return socket;
    }

    /// <summary>Larger than a file may be that is read as a whole: the edge cannot follow its routes any more.</summary>
    private void BreakRoutes()
    {
        using var file = File.Create(_settings.Paths.RoutesFile + ".broken");
        file.SetLength(3L << 30);
        File.Move(file.Name, _settings.Paths.RoutesFile, overwrite: true);
    }

    private void WriteRoutes(long version)
    {
        var service = new ServiceRoute
        {
            ServiceId = "srv-app",
            Name = "app",
            Hosts = ["app.localhost"],
            State = ServiceRouteState.Live,
            Instances = [new RouteInstance("srv-app-1", "127.0.0.1", _app.Port)],
        };
        var snapshot = new RoutesSnapshot { Version = version, ServerSocket = "/none", PlatformHosts = [], Services = [service] };
        File.WriteAllBytes(_settings.Paths.RoutesFile + ".new", JsonSerializer.SerializeToUtf8Bytes(snapshot, RoutingJson.Default.RoutesSnapshot));
        File.Move(_settings.Paths.RoutesFile + ".new", _settings.Paths.RoutesFile, overwrite: true);
    }

    /// <summary>Asks the edge for its status as the server does, and lets time pass faster meanwhile.</summary>
    private async Task ObserveAsync()
    {
        try
        {
            while (true)
            {
                _routes.Observe(await _client.GetStatusAsync(_end.Token));
                _time.Advance(TimeSpan.FromMilliseconds(200));
                await Task.Delay(50, _end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task<EdgeStatus> EdgeAsync(Func<EdgeStatus, bool> isRight)
    {
        EdgeStatus? edge = null;
        await Eventually.TrueAsync(() => (edge = _routes.Edge) is not null && isRight(edge), "the edge is as expected", () => $"{edge} {ReadLog()}");
        return edge!;
    }

    private string ReadLog() => File.Exists(_settings.Paths.EdgeLog) ? File.ReadAllText(_settings.Paths.EdgeLog) : "no log";

    private async Task AnswersAsync(int count)
    {
        var before = Volatile.Read(ref _answered);
        await Eventually.TrueAsync(() => Volatile.Read(ref _answered) >= before + count, "requests are answered");
    }

    private async Task LoadAsync()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Host = "app.localhost";
        for (var number = 0; !_end.IsCancellationRequested; number++)
        {
            try
            {
                var uri = new Uri($"http://127.0.0.1:{_settings.HttpPort}/");
                using var answer = number % 2 == 0 ? await client.GetAsync(uri, Cancelled) : await client.PostAsync(uri, new StringContent("body"), Cancelled);
                answer.EnsureSuccessStatusCode();
                Interlocked.Increment(ref _answered);
            }
            catch (HttpRequestException exception)
            {
                lock (_failures)
                    _failures.Add(exception.Message);
            }
        }
    }

    /// <summary>Timers as ever, but the clock goes faster, as the test says.</summary>
    private sealed class FasterTime : TimeProvider
    {
        private long _ahead;

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));
    }

    /// <summary>An instance that answers every request.</summary>
    private sealed class App : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public App()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task ServeAsync(TcpClient client)
        {
            using (client)
            using (var reader = new StreamReader(client.GetStream()))
            {
                try
                {
                    while (await ReadAsync(reader))
                        await client.GetStream().WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
                }
                catch (IOException)
                {
                    // The edge has closed the connection.
                }
            }
        }

        private static async Task<bool> ReadAsync(StreamReader reader)
        {
            var length = 0;
            for (var line = await reader.ReadLineAsync(); line is not ""; line = await reader.ReadLineAsync())
            {
                if (line is null)
                    return false;
                if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
                    length = int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            }
            return length == 0 || await reader.ReadBlockAsync(new char[length]) == length;
        }
    }
}
