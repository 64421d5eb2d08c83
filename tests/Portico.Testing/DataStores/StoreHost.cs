using System.Collections.Concurrent;
using System.Diagnostics;
using Portico.Core.DataStores;
using Portico.Core.Engines;

namespace Portico.Testing.DataStores;

/// <summary>Runs one data store as an engine would, so that the store can be tested without one.</summary>
public sealed class StoreHost : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), EndPatience = TimeSpan.FromSeconds(5);
    private static readonly bool IsRoot = Environment.IsPrivilegedProcess;
    private readonly string _root = Directory.CreateTempSubdirectory("portico-store-").FullName;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly string _searchPath;
    private Process? _server;

    /// <param name="searchPath">Goes before PATH, as an engine puts the wanted version there.</param>
    public StoreHost(string? searchPath = null)
    {
        _searchPath = $"{searchPath}:{Environment.GetEnvironmentVariable("PATH")}";
        Directory.CreateDirectory(Disk);
        GiveAway(_root);
    }

    public string Disk => Path.Combine(_root, "disk");

    public IReadOnlyList<string> Output => [.. _output];

    public int ProcessId => _server!.Id;

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(JobRequest job, CancellationToken cancellationToken)
    {
        using var process = Launch(job.Revision, (Command.Exec)job.Command);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    public void Start(Revision revision) => _server = Launch(revision, (Command.Exec)revision.Command);

    /// <summary>Starts it again when it exits, as an engine does, until it is set up.</summary>
    public async Task StartAndConfigureAsync(IDataStore store, CancellationToken cancellationToken)
    {
        var port = ((PortBinding.Fixed)store.Revision.Port).Port;
        var patience = Stopwatch.StartNew();
        Start(store.Revision);
        while (true)
        {
            try
            {
                await store.ConfigureAsync(new InstanceAddress("127.0.0.1", port), cancellationToken);
                return;
            }
            catch (DataStoreException) when (patience.Elapsed < Patience)
            {
                if (_server!.HasExited)
                    Start(store.Revision);
                await Task.Delay(50, cancellationToken);
            }
        }
    }

    /// <summary>SIGKILL to the main process alone.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _server!.Kill();
        await ExitAsync(cancellationToken);
    }

    public async Task<TimeSpan> StopAsync(StopSignal signal, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        Run("kill", signal == StopSignal.Interrupt ? "-INT" : "-TERM", $"{ProcessId}");
        // With the end of its output: nobody is left to keep that open.
        await _server!.WaitForExitAsync(cancellationToken).WaitAsync(Patience, cancellationToken);
        return clock.Elapsed;
    }

    public async ValueTask DisposeAsync()
    {
        // A killed PostgreSQL leaves shared memory behind, which only its next start in the same directory would remove.
        if (_server is { HasExited: false })
        {
            using (var kill = Process.Start("kill", ["-INT", $"{ProcessId}"]))
                await kill.WaitForExitAsync();
            for (var clock = Stopwatch.StartNew(); !_server.HasExited && clock.Elapsed < EndPatience; await Task.Delay(10))
                continue;
        }
        if (_server is { HasExited: false })
        {
            _server.Kill();
            await ExitAsync(CancellationToken.None);
        }
        _server?.Dispose();
        // The children of a killed server may still be leaving their directory.
        for (var attempt = 0; attempt < 50 && Directory.Exists(_root); attempt++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
            }
            catch (IOException)
            {
                await Task.Delay(100);
            }
        }
    }

    // Not WaitForExitAsync: that waits for the end of the output, too, and a killed server's children keep it open.
    private async Task ExitAsync(CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); !_server!.HasExited; await Task.Delay(10, cancellationToken))
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"Process {ProcessId} does not exit.");
    }

    private Process Launch(Revision revision, Command.Exec command)
    {
        var files = WriteFiles(revision);
        string Place(string text) => text
            .Replace("{disk}", Disk, StringComparison.Ordinal).Replace("{files}", files, StringComparison.Ordinal);
        var start = new ProcessStartInfo
        {
            FileName = IsRoot ? "setpriv" : Resolve(command.Program),
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (IsRoot)
            foreach (var argument in new[] { "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", Resolve(command.Program) })
                start.ArgumentList.Add(argument);
        foreach (var argument in command.Arguments)
            start.ArgumentList.Add(Place(argument));
        start.Environment.Clear();
        start.Environment["PATH"] = _searchPath;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static string Resolve(string program) => program == "keyvalue-server" ? Programs.KeyValue! : program;

    private void Keep(string? line)
    {
        if (line is not null)
            _output.Enqueue(line);
    }

    private string WriteFiles(Revision revision)
    {
        var directory = Path.Combine(_root, $"files-{revision.Id}");
        Directory.CreateDirectory(directory);
        foreach (var (name, text) in revision.Files)
        {
            var path = Path.Combine(directory, name);
            File.WriteAllText(path, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        GiveAway(directory);
        return directory;
    }

    private static void GiveAway(string path)
    {
        if (IsRoot)
            Run("chown", "-R", "nobody:nogroup", path);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} exited with {process.ExitCode}.");
    }
}
