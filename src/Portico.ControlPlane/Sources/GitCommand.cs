using System.Diagnostics;
using System.Text;

namespace Portico.ControlPlane.Sources;

/// <summary>Runs git with argument arrays, without the user's or machine's configuration, hooks or prompts.</summary>
public static class GitCommand
{
    private static readonly string[] SafeConfiguration =
    [
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "safe.directory=*",
    ];

    /// <summary>No protocol is allowed.</summary>
    private const string NoProtocol = "none";

    private const string RemoteProtocols = "https:http:ssh";

    /// <summary>
    /// Returns the only protocol that git may use for a URL. <c>ext::</c> runs a command by design, and a remote repository
    /// must not refer to one on this machine.
    /// </summary>
    public static string ProtocolsFor(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.IsFile && url.Contains("://", StringComparison.Ordinal) ? "file" : RemoteProtocols;

    /// <param name="remote">What git may connect to; null for nothing.</param>
    /// <exception cref="GitException">git exited with another code than 0. The message is its output.</exception>
    /// <param name="around">Additional settings of this call.</param>
    public static async Task<string> RunAsync(
        string repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken, GitRemote? remote = null, GitSurroundings? around = null)
    {
        var result = await TryAsync(repository, arguments, cancellationToken, remote, around);
        return result.ExitCode == 0 ? result.Output : throw new GitException(result.Error.Trim());
    }

    public static async Task<GitResult> TryAsync(
        string repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken, GitRemote? remote = null, GitSurroundings? around = null)
    {
        using var process = Start(repository, arguments, remote, around: around);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            if (around?.Input is { } input)
                await GiveAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new GitResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Starts git with redirected input, output and error streams.</summary>
    /// <param name="version">The version of Git's protocol that a client requested; null if none.</param>
    public static Process Start(
        string repository, IReadOnlyList<string> arguments, GitRemote? remote = null, string? version = null, GitSurroundings? around = null)
    {
        var start = StartInfo(repository, arguments, remote);
        foreach (var (name, value) in around?.Environment ?? [])
            start.Environment[name] = value;
        if (version is not null)
            start.Environment["GIT_PROTOCOL"] = version;
        return Process.Start(start) ?? throw new GitException("Could not start git.");
    }

    private static async Task GiveAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(input), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended before it read all, and says why.
        }
    }

    private static ProcessStartInfo StartInfo(string repository, IReadOnlyList<string> arguments, GitRemote? remote)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            StandardOutputEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        start.ArgumentList.Add("--git-dir");
        start.ArgumentList.Add(repository);
        foreach (var argument in SafeConfiguration.Concat(arguments))
            start.ArgumentList.Add(argument);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_ALLOW_PROTOCOL"] = remote?.Protocols ?? NoProtocol;
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in remote?.Environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}

/// <param name="Environment">Environment variables, for example for another index or object directory.</param>
/// <param name="Input">The input of git; null for none.</param>
public sealed record GitSurroundings(IReadOnlyCollection<KeyValuePair<string, string>> Environment, string? Input = null);

public sealed record GitResult(int ExitCode, string Output, string Error);

public sealed class GitException : InvalidOperationException
{
    public GitException() { }

    public GitException(string message) : base(message) { }

    public GitException(string message, Exception innerException) : base(message, innerException) { }
}
