using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests.Network;

/// <summary>A Docker daemon on the machine of a test, with files of its own.</summary>
internal sealed class DockerDaemon : IAsyncDisposable
{
    private readonly string _directory;
    private readonly OsProcess _process;

    private DockerDaemon(string directory, OsProcess process) => (_directory, _process) = (directory, process);

    /// <summary>Why it does not run; null if it does.</summary>
    public string? Problem { get; private set; }

    public static async Task<DockerDaemon> StartAsync(TestMachine machine)
    {
        var directory = Path.Combine(machine.Directory, "docker");
        var socket = Path.Combine(directory, "docker.sock");
        Directory.CreateDirectory(directory);
        var process = machine.Start("unshare", "--mount", "--propagation", "private", "--", "dockerd", "--oom-score-adjust", "0", "--data-root", Path.Combine(directory, "data"), "--exec-root", Path.Combine(directory, "exec"),
            "-p", Path.Combine(directory, "pid"), "-H", $"unix://{socket}", "--storage-driver", "vfs", "--bip", "172.31.77.1/24");
        var daemon = new DockerDaemon(directory, process);
        var said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var started = Stopwatch.StartNew();
        while (!File.Exists(socket) && !process.HasExited && started.Elapsed < TimeSpan.FromSeconds(60))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        if (process.HasExited)
            daemon.Problem = $"dockerd does not run here: {(await said).Split('\n').LastOrDefault(line => line.Length > 0)}";
        return daemon;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Native.Libc.Kill(_process.Id, Native.Libc.SigTerm);
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }
}
