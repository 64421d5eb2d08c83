using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portico.Core.Engines;
using Portico.Hosting.Loops;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Tests;

/// <summary>One home, and engines on it one after another.</summary>
internal sealed class ProcessEngineFixture : IAsyncDisposable
{
    private int _paths;

    /// <summary>Under a directory that the workloads' account may pass.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("portico-engine-").FullName;

    public ProcessEngineFixture() => File.SetUnixFileMode(
        Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);

    public string Home => Path.Combine(Directory, "engine");

    /// <summary>What the newest engine reports.</summary>
    public LoopRegistry Loops { get; private set; } = new();

    public ProcessEngineOptions Options => new() { Home = Home };

    public async Task<IEngine> StartAsync(ProcessEngineOptions? options = null)
    {
        Loops = new LoopRegistry();
        var engine = new ProcessEngine(options ?? Options, Loops, NullLoggerFactory.Instance);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    public string NewPath() => Path.Combine(Directory, $"path-{Interlocked.Increment(ref _paths)}");

    public async Task<(string Path, string Commit)> MakeRepositoryAsync(IEnumerable<(string Path, string Content)> files)
    {
        var work = NewPath();
        await GitAsync(Directory, "init", "-q", work);
        foreach (var (path, content) in files)
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(work, path))!);
            await File.WriteAllTextAsync(Path.Combine(work, path), content);
        }
        return await CommitAsync(work);
    }

    public static async Task<(string Path, string Commit)> CommitAsync(string work)
    {
        await GitAsync(work, "add", "-A");
        await GitAsync(work, "-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-m", "files");
        return (Path.Combine(work, ".git"), (await GitAsync(work, "rev-parse", "HEAD")).Trim());
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> GitAsync(string directory, params string[] arguments)
    {
        using var git = OsProcess.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = directory, RedirectStandardOutput = true })!;
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
