using System.ComponentModel;
using Portico.Cli.Hosting;
using Portico.Hosting.Processes;

namespace Portico.Cli.Sources;

/// <summary>Runs git isolated by <see cref="GitProcess"/>, and without ever writing to the user's repository.</summary>
internal sealed class Git(IReadOnlyDictionary<string, string> variables)
{
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR"];

    private static readonly string[] Settings =
    [
        "core.autocrlf=false", "core.fileMode=true", "core.symlinks=true", "core.ignoreCase=false", "core.fsync=none",
        "advice.addEmbeddedRepo=false",
    ];

    private static readonly KeyValuePair<string, string>[] ReadOnly = [new("GIT_OPTIONAL_LOCKS", "0"), new("GIT_NO_REPLACE_OBJECTS", "1")];

    /// <param name="overrides">Environment variables for this run only, for example <c>GIT_DIR</c>.</param>
    public async Task<ProcessResult> TryRunAsync(
        string directory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? overrides = null,
        string? input = null, CancellationToken cancellationToken = default)
    {
        var start = GitProcess.StartInfo(
            directory, Settings, arguments, variables.Where(variable => Inherited.Contains(variable.Key)),
            [.. ReadOnly, .. overrides ?? new Dictionary<string, string>()]);
        try
        {
            return await CapturedProcess.RunAsync(start, input, cancellationToken);
        }
        catch (Win32Exception error)
        {
            throw new CliException($"Cannot run `git`: {error.Message}", "Install it: apt-get install git", ExitCode.CannotStart);
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
}

internal sealed class GitException(string message) : Exception(message);
