using System.Diagnostics;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Somebody with a repository and a real Git, who pushes to a platform.</summary>
internal sealed class PushingUser(SimPlatform platform) : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portico-push-").FullName;

    public string Directory_ => _directory;

    /// <returns>The new commit.</returns>
    public string Commit(string message, params (string Path, string Text)[] files)
    {
        if (!Directory.Exists(Path.Combine(_directory, ".git")))
            Run("init", "--quiet", "--initial-branch=main");
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(_directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
        Run("add", "--all");
        Run("commit", "--quiet", "--allow-empty", "--message", message);
        return Run("rev-parse", "HEAD").Trim();
    }

    public string Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEnd();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error}");
    }

    /// <summary>Lets the platform's time pass meanwhile.</summary>
    public async Task<(int ExitCode, string Said)> TryAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        while (!process.HasExited)
            await platform.PassAsync(cancellationToken);
        return (process.ExitCode, await error + await output);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Process Start(string[] arguments)
    {
        string[] identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c", "gc.auto=0"];
        var start = new ProcessStartInfo("git", [.. identity, .. arguments])
        {
            WorkingDirectory = _directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }
}
