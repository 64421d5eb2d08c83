using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Portico.Hosting.Processes;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Connects git, which is confined to a repository, with an SSH server. ssh runs outside, so that neither keys nor a network are within the
/// reach of who takes git over.
/// </summary>
/// <remarks>
/// <code>
/// git ─ standard output ─► this ─► ssh ─► server
///     ◄─ standard input ──      ◄─     ◄─
///     ─ standard error ──► what git printed
/// </code>
/// </remarks>
internal static class SshRelay
{
    /// <summary>Runs its arguments. Their output is printed at the end, because until then the streams belong to the connection.</summary>
    private const string Script = """
        exec 5<&0 6>&1 7>&2 </dev/null >/tmp/output 2>/tmp/errors
        "$@"
        status=$?
        if [ "$status" = 0 ]; then exec cat /tmp/output >&7; fi
        cat /tmp/errors >&7
        exit "$status"
        """;

    /// <summary>What git starts as its ssh, by a shell. Nothing but the two copies may keep the pipe to git, so that git notices the end.</summary>
    private const string Connection = "exec sh -c 'cat <&5 & exec cat >&6' ssh";

    private static readonly string[] Wrap = ["/bin/sh", "-c", Script, "sh"];

    public static async Task<ProcessResult> RunAsync(
        GitRepository repository, IReadOnlyList<string> arguments, GitRemote remote, GitOptions? options, CancellationToken cancellationToken)
    {
        var start = GitCommand.StartInfo(repository, arguments, remote, null, options, Wrap);
        start.Environment["GIT_SSH_COMMAND"] = Connection;
        start.Environment["GIT_SSH_VARIANT"] = "ssh";
        using var git = CapturedProcess.Start(start);
        using var ssh = StartSsh(remote);
        try
        {
            var errors = (Git: git.StandardError.ReadToEndAsync(cancellationToken), Ssh: ssh.StandardError.ReadToEndAsync(cancellationToken));
            var relayed = Task.WhenAll(
                PassAsync(ssh.StandardOutput.BaseStream, git.StandardInput.BaseStream, cancellationToken),
                PassAsync(git.StandardOutput.BaseStream, ssh.StandardInput.BaseStream, cancellationToken));
            await git.WaitForExitAsync(cancellationToken);
            var printed = await errors.Git;
            if (git.ExitCode == 0)
                return new ProcessResult(0, printed, "");
            await relayed;
            return new ProcessResult(git.ExitCode, "", await errors.Ssh + printed);
        }
        finally
        {
            foreach (var process in (Process[])[git, ssh])
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
        }
    }

    private static Process StartSsh(GitRemote remote)
    {
        var address = remote.Ssh!;
        string[] port = address.Port is { } number ? ["-p", number.ToString(CultureInfo.InvariantCulture)] : [];
        var start = new ProcessStartInfo(
            "ssh", [.. remote.SshOptions, "-oSendEnv=GIT_PROTOCOL", .. port, "--", address.Target, $"git-upload-pack {SshCommand.Quote(PathOf(address))}"])
        {
            WorkingDirectory = "/",
        };
        start.Environment["GIT_PROTOCOL"] = "version=2";
        try
        {
            return CapturedProcess.Start(start);
        }
        catch (Win32Exception exception)
        {
            throw new GitException("ssh is not installed. Install it: apt-get install openssh-client", exception);
        }
    }

    /// <summary>As git does: a path that begins with a tilde is relative to a home of the server.</summary>
    private static string PathOf(SshAddress address) => address.Path.StartsWith("/~", StringComparison.Ordinal) ? address.Path[1..] : address.Path;

    private static async Task PassAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, cancellationToken);
            await to.DisposeAsync();
        }
        catch (IOException)
        {
            // The other end has ended, and says why.
        }
    }
}
