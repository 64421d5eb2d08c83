using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Portico.Core.Engines;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>Runs git on a bare repository, isolated by <see cref="GitProcess"/>. It connects only to the remote of the call.</summary>
internal static class GitCommand
{
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
    /// <param name="options">Additional settings of this call.</param>
    public static async Task<string> RunAsync(
        GitRepository repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken, GitRemote? remote = null, GitOptions? options = null)
    {
        var result = await TryAsync(repository, arguments, cancellationToken, remote, options);
        return result.ExitCode == 0 ? result.Output : throw new GitException(result.Error.Trim());
    }

    /// <inheritdoc cref="RunAsync"/>
    /// <exception cref="GitException">git cannot be started.</exception>
    public static async Task<ProcessResult> TryAsync(
        GitRepository repository, IReadOnlyList<string> arguments, CancellationToken cancellationToken, GitRemote? remote = null, GitOptions? options = null)
    {
        try
        {
            return repository.Confinement is { IsOffered: true } && remote?.Ssh is not null
                ? await SshRelay.RunAsync(repository, arguments, remote, options, cancellationToken)
                : await CapturedProcess.RunWithInputAsync(StartInfo(repository, arguments, remote, null, options), Content(options), cancellationToken);
        }
        catch (Win32Exception exception)
        {
            throw NotInstalled(exception);
        }
    }

    /// <summary>Starts git and returns it with its three streams.</summary>
    /// <param name="version">The version of Git's protocol that the client asked for; null if it named none.</param>
    /// <exception cref="GitException">git cannot be started.</exception>
    public static Process Start(
        GitRepository repository, IReadOnlyList<string> arguments, GitRemote? remote = null, string? version = null, GitOptions? options = null)
    {
        try
        {
            return CapturedProcess.Start(StartInfo(repository, arguments, remote, version, options));
        }
        catch (Win32Exception exception)
        {
            throw NotInstalled(exception);
        }
    }

    /// <summary>Runs another tool on the files of a repository, as git would run.</summary>
    /// <exception cref="GitException">It exited with another code than 0.</exception>
    public static async Task RunToolAsync(GitRepository repository, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo { WorkingDirectory = "/" };
        ConfinedGit.Apply(start, repository, new ConfinedTool(repository.Directory, command) { Reach = ToolReach.Directories });
        var result = await CapturedProcess.RunAsync(start, null, cancellationToken);
        if (result.ExitCode != 0)
            throw new GitException(result.Error.Trim());
    }

    /// <param name="wrap">A command that starts git, whose command line it gets as arguments; null to start git directly.</param>
    internal static ProcessStartInfo StartInfo(
        GitRepository repository, IReadOnlyList<string> arguments, GitRemote? remote, string? version, GitOptions? options, IReadOnlyList<string>? wrap = null)
    {
        List<KeyValuePair<string, string>> overrides = [new("GIT_ALLOW_PROTOCOL", remote?.Protocols ?? NoProtocol)];
        if (version is not null)
            overrides.Add(new("GIT_PROTOCOL", version));
        var start = GitProcess.StartInfo(
            "/", [], ["--git-dir", repository.Path, .. arguments], Inherited(), [.. overrides, .. remote?.Environment ?? new Dictionary<string, string>(), .. options?.Environment ?? []]);
        ConfinedGit.Apply(start, repository, new ConfinedTool(repository.Directory, [.. wrap ?? [], start.FileName, .. start.ArgumentList])
        {
            Reach = ConfinedGit.ReachOf(arguments, remote),
            Readable = ConfinedGit.Readable(remote),
        });
        return start;
    }

    private static Stream? Content(GitOptions? options) =>
        options?.Content ?? (options?.Input is { } text ? new MemoryStream(Encoding.UTF8.GetBytes(text)) : null);

    private static IEnumerable<KeyValuePair<string, string>> Inherited() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>().Select(variable => new KeyValuePair<string, string>((string)variable.Key, (string)variable.Value!));

    private static GitException NotInstalled(Win32Exception exception) =>
        new($"Cannot run git: {exception.Message} Install it: apt-get install git", exception);
}

/// <param name="Environment">Environment variables, for example for another index or object directory.</param>
/// <param name="Input">The input of git; null for none.</param>
internal sealed record GitOptions(IReadOnlyCollection<KeyValuePair<string, string>> Environment, string? Input = null)
{
    /// <summary>The input of git if it is not text.</summary>
    public Stream? Content { get; init; }
}

internal sealed class GitException : InvalidOperationException
{
    public GitException() { }

    public GitException(string message) : base(message) { }

    public GitException(string message, Exception innerException) : base(message, innerException) { }
}
