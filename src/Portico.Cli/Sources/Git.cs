using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Portico.Cli.Hosting;

namespace Portico.Cli.Sources;

internal sealed record GitResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>
/// Runs <c>git</c> in isolation: without the user's configuration, hooks, filters or prompts, and without ever writing to the
/// user's repository.
/// </summary>
internal sealed class Git(IReadOnlyDictionary<string, string> variables)
{
    private static readonly string[] Settings =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.autocrlf=false", "core.fileMode=true", "core.symlinks=true",
        "core.ignoreCase=false", "core.fsync=none", "gc.auto=0", "safe.directory=*", "advice.addEmbeddedRepo=false",
    ];

    /// <param name="overrides">Environment variables for this run only, for example <c>GIT_DIR</c>.</param>
    public async Task<GitResult> TryRunAsync(
        string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? overrides = null,
        string? input = null, CancellationToken cancellationToken = default)
    {
        using var process = Start(directory, arguments, overrides);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteInputAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new GitResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <exception cref="GitException">Git failed.</exception>
    public async Task<string> RunAsync(
        string directory, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? overrides = null,
        string? input = null, CancellationToken cancellationToken = default)
    {
        var result = await TryRunAsync(directory, arguments, overrides, input, cancellationToken);
        return result.Succeeded
            ? result.Output
            : throw new GitException($"git {arguments[0]} failed in {directory} (exit code {result.ExitCode}): {result.Error.Trim()}");
    }

    private Process Start(string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? overrides)
    {
        var start = new ProcessStartInfo("git", Settings.SelectMany(setting => new[] { "-c", setting }).Concat(arguments))
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        SetEnvironment(start.Environment, overrides);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new CliException(
                $"Cannot run `git`: {error.Message}", "Install it: apt-get install git", ExitCode.CannotStart);
        }
    }

    private void SetEnvironment(IDictionary<string, string?> environment, IReadOnlyDictionary<string, string>? overrides)
    {
        environment.Clear();
        foreach (var name in new[] { "PATH", "HOME", "TMPDIR" })
            if (variables.TryGetValue(name, out var value))
                environment[name] = value;
        environment["LC_ALL"] = "C.UTF-8";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_NO_REPLACE_OBJECTS"] = "1";
        foreach (var (name, value) in overrides ?? new Dictionary<string, string>())
            environment[name] = value;
    }

    private static async Task WriteInputAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Git exited before it read everything; its exit code says why.
        }
    }
}

internal sealed class GitException(string message) : Exception(message);
