using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Portico.Core.Engines;
using Portico.Testing;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>A machine of a test's own, on which an engine runs.</summary>
internal sealed class TestMachine : IAsyncDisposable
{
    private readonly MachineNamespaces _namespaces;
    private readonly bool _isSecond;
    private readonly List<OsProcess> _servers = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _done = new(0);
    private IReadOnlyList<InstanceSnapshot> _instances = [];
    private OsProcess? _engine;
    private Task _reading = Task.CompletedTask;
    private string? _capabilities, _failure, _outside;
    private int _files;

    private TestMachine(MachineNamespaces namespaces, bool isSecond) => (_namespaces, _isSecond) = (namespaces, isSecond);

    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("portico-network-").FullName;

    public string Home { get; private set; } = "";

    public string Tag => new EngineHome(Home, TimeProvider.System).Tag;

    public static string Address => MachineNamespaces.Address;

    public static string OutsideAddress => MachineNamespaces.OutsideAddress;

    public PrivateNetworkSupport Network => JsonSerializer.Deserialize<PrivateNetworkSupport>(_capabilities!)!;

    public string? Failure => _failure;

    public IReadOnlyList<InstanceSnapshot> Instances
    {
        get
        {
            lock (_lock)
                return _instances;
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <returns>Null if this machine cannot make network namespaces.</returns>
    public static async Task<TestMachine?> CreateAsync() =>
        await MachineNamespaces.CreateAsync(Token) is { } namespaces ? Make(namespaces, isSecond: false) : null;

    /// <summary>A second platform on the same machine.</summary>
    public TestMachine Beside() => Make(_namespaces, isSecond: true);

    private static TestMachine Make(MachineNamespaces namespaces, bool isSecond)
    {
        const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var machine = new TestMachine(namespaces, isSecond);
        machine.UseHome("engine");
        File.SetUnixFileMode(machine.Directory, Passable);
        return machine;
    }

    public void UseHome(string name) => Home = Path.Combine(Directory, name);

    /// <param name="prefix">A command that runs the engine.</param>
    public async Task StartAsync(string? range = null, params string[] prefix)
    {
        (_capabilities, _failure) = (null, null);
        var start = new ProcessStartInfo("nsenter", [$"--net={_namespaces.Machine}", "--", .. prefix, Path.Combine(AppContext.BaseDirectory, typeof(NetworkHost).Assembly.GetName().Name!)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { [NetworkHost.HomeVariable] = Home, [NetworkHost.RangeVariable] = range },
        };
        _engine = OsProcess.Start(start)!;
        _reading = ReadAsync(_engine);
        await Eventually.TrueAsync(() => _capabilities is not null || _failure is not null || _reading.IsCompleted, "the engine has started");
        Assert.False(_failure is null && _reading.IsCompleted, "The engine ended at its start.");
    }

    /// <summary>Kills the engine. Workloads go on.</summary>
    public async Task KillAsync()
    {
        _engine!.Kill();
        await _engine.WaitForExitAsync(Token);
        _engine = null;
    }

    /// <summary>Stops the engine as the server does when it is told to.</summary>
    public async Task StopAsync()
    {
        _engine!.StandardInput.Close();
        await _engine.WaitForExitAsync(Token);
        _engine = null;
    }

    public Task EnsureAsync(Revision revision, int count = 1) => TellAsync($"ensure {Write(revision)} {count.ToString(CultureInfo.InvariantCulture)}");

    public Task SetNetworksAsync(params NetworkContent[] all) => TellAsync($"networks {Write(all.ToList())}");

    public Task StartJobAsync(JobRequest job) => TellAsync($"job {Write(job)}");

    /// <summary>Has the engine try what answers from outside.</summary>
    public Task<OutsideFinding> CheckOutsideAsync(params int[] open) => FindOutsideAsync($"outside {string.Join(' ', open)}".Trim());

    /// <summary>Begins the same, and returns as soon as something is set on the machine for it.</summary>
    public Task BeginOutsideCheckAsync() => TellAsync("outside-begin");

    /// <returns>How it ended, as its restriction.</returns>
    public Task<OutsideFinding> CancelOutsideCheckAsync() => FindOutsideAsync("outside-cancel");

    public async Task TellAsync(string line)
    {
        await _engine!.StandardInput.WriteLineAsync(line);
        await _engine.StandardInput.FlushAsync(Token);
        var done = _done.WaitAsync(Token);
        if (await Task.WhenAny(done, _reading) != done && !done.IsCompleted)
            throw new InvalidOperationException($"The engine ended while it carried out '{line}'. Its error is in the output of the tests.");
        await done;
    }

    /// <summary>Waits until exactly this many instances of a revision exist and are ready.</summary>
    public async Task<IReadOnlyList<InstanceSnapshot>> ReadyAsync(string revision, int count = 1)
    {
        IReadOnlyList<InstanceSnapshot> found = [];
        await Eventually.TrueAsync(
            () => (found = Of(revision)).Count == count && found.All(instance => instance.Status == InstanceStatus.Ready),
            $"{count} of {revision} ready", () => string.Join("; ", Instances));
        return found;
    }

    public IReadOnlyList<InstanceSnapshot> Of(string revision) => [.. Instances.Where(instance => instance.Revision.Value == revision)];

    /// <summary>Runs a command on the machine itself.</summary>
    public Task<ToolResult> RunAsync(params string[] command) => Tool.RunAsync(["nsenter", $"--net={_namespaces.Machine}", "--", .. command], Token);

    /// <summary>Starts a program on the machine. The caller ends it.</summary>
    public OsProcess Start(string program, params string[] arguments) => OsProcess.Start(
        new ProcessStartInfo("nsenter", [$"--net={_namespaces.Machine}", "--", program, .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    public Task<ToolResult> RunOutsideAsync(params string[] command) => Tool.RunAsync(["nsenter", $"--net={_namespaces.Outside}", "--", .. command], Token);

    /// <summary>Runs a command in the network namespace of an instance, with all rights: more than a workload has.</summary>
    public static Task<ToolResult> RunInAsync(InstanceSnapshot instance, params string[] command) =>
        Tool.RunAsync(["nsenter", $"--net=/proc/{instance.ProcessId}/ns/net", "--", .. command], Token);

    public static async Task<bool> ConnectsAsync(InstanceSnapshot from, string host, int port) => (await RunInAsync(from, Connect(host, port))).Succeeded;

    public async Task<bool> ConnectsFromOutsideAsync(string host, int port) => (await RunOutsideAsync(Connect(host, port))).Succeeded;

    public async Task<bool> ConnectsFromMachineAsync(string host, int port) => (await RunAsync(Connect(host, port))).Succeeded;

    /// <summary>Starts a Python program on the machine that runs until the test ends, and waits until it prints a line.</summary>
    public Task<OsProcess> ServeAsync(string program) => ServeInAsync(_namespaces.Machine, program);

    public Task<OsProcess> ServeOutsideAsync(string program) => ServeInAsync(_namespaces.Outside, program);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_engine is not null)
            {
                await TellAsync("end");
                await StopAsync();
            }
        }
        finally
        {
            await RemoveAsync();
        }
    }

    private async Task RemoveAsync()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.Dispose();
        }
        if (!_isSecond)
            await _namespaces.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static string[] Connect(string host, int port) =>
        ["timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/$0/$1", host, port.ToString(CultureInfo.InvariantCulture)];

    private async Task<OsProcess> ServeInAsync(string place, string program)
    {
        var server = OsProcess.Start(new ProcessStartInfo("nsenter", [$"--net={place}", "--", "python3", "-u", "-c", program]) { RedirectStandardOutput = true })!;
        _servers.Add(server);
        Assert.NotNull(await server.StandardOutput.ReadLineAsync(Token));
        return server;
    }

    private async Task<OutsideFinding> FindOutsideAsync(string line)
    {
        await TellAsync(line);
        return JsonSerializer.Deserialize<OutsideFinding>(_outside!)!;
    }

    private string Write<T>(T value)
    {
        var file = Path.Combine(Directory, string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _files)}.json"));
        JsonFile.WriteUnflushed(file, value);
        return file;
    }

    private async Task ReadAsync(OsProcess engine)
    {
        while (await engine.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith(NetworkHost.Capabilities, StringComparison.Ordinal))
                _capabilities = line[NetworkHost.Capabilities.Length..];
            else if (line.StartsWith(NetworkHost.Failed, StringComparison.Ordinal))
                _failure = line[NetworkHost.Failed.Length..];
            else if (line.StartsWith(NetworkHost.Outside, StringComparison.Ordinal))
                _outside = line[NetworkHost.Outside.Length..];
            else if (line == NetworkHost.Done)
                _done.Release();
            else if (line.StartsWith(NetworkHost.Snapshot, StringComparison.Ordinal))
                lock (_lock)
                    _instances = JsonSerializer.Deserialize<List<InstanceSnapshot>>(line[NetworkHost.Snapshot.Length..])!;
        }
    }
}
