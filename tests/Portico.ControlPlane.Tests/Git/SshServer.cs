using System.Diagnostics;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>A real ssh server on this machine that gives repositories to whoever has the one key.</summary>
internal sealed class SshServer : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("portico-ssh-").FullName;
    private readonly int _port = FreePort.Find();
    private Process? _process;

    private SshServer()
    {
    }

    /// <summary>What <c>git-lfs-authenticate</c> prints; null where there is no such program.</summary>
    public string? LfsAnswer
    {
        set
        {
            if (value is null)
                File.Delete(Path.Combine(_root, "answer"));
            else
                File.WriteAllText(Path.Combine(_root, "answer"), value);
        }
    }

    /// <summary>What was asked for, one line each.</summary>
    public string[] Asked => File.Exists(Path.Combine(_root, "asked")) ? File.ReadAllLines(Path.Combine(_root, "asked")) : [];

    public string PathOf(string name) => Path.Combine(_root, $"{name}.git");

    public string UrlOf(string name) => $"ssh://{Environment.UserName}@127.0.0.1:{_port}{PathOf(name)}";

    public static async Task<SshServer> StartAsync(CancellationToken cancellationToken)
    {
        var sshd = Installed.Require("sshd");
        var server = new SshServer();
        await server.ListenAsync(sshd, cancellationToken);
        return server;
    }

    /// <summary>Lets whoever has the private half of this key in.</summary>
    public void LetIn(string publicKey) => File.WriteAllText(
        Path.Combine(_root, "authorized_keys"), $"command=\"{_root}/serve\",restrict {publicKey}\n");

    /// <summary>Shows what somebody has committed.</summary>
    public void Show(PushingUser user, string name) => user.Run("clone", "--quiet", "--bare", "--no-local", user.Directory_, PathOf(name));

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_root, recursive: true);
    }

    private async Task ListenAsync(string sshd, CancellationToken cancellationToken)
    {
        await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", $"{_root}/host");
        File.WriteAllText(Path.Combine(_root, "serve"), $"""
            #!/bin/sh
            printf '%s\n' "$SSH_ORIGINAL_COMMAND" >>'{_root}/asked'
            case $SSH_ORIGINAL_COMMAND in
                'git-upload-pack '*) eval "exec $SSH_ORIGINAL_COMMAND" ;;
                'git-lfs-authenticate '*) exec cat '{_root}/answer' ;;
            esac
            exit 127
            """.ReplaceLineEndings("\n"));
        File.SetUnixFileMode(Path.Combine(_root, "serve"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(_root, "sshd.conf"), $"""
            ListenAddress 127.0.0.1:{_port}
            HostKey {_root}/host
            AuthorizedKeysFile {_root}/authorized_keys
            PidFile none
            StrictModes no
            UsePAM no
            PasswordAuthentication no
            PermitRootLogin yes
            """);
        // As root it insists on the directory that its package's service makes.
        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
        _process = Process.Start(new ProcessStartInfo(sshd, ["-D", "-e", "-f", $"{_root}/sshd.conf"]) { RedirectStandardError = true })!;
        var said = _process.StandardError.ReadLineAsync(cancellationToken);
        Assert.Contains("listening", await said, StringComparison.OrdinalIgnoreCase);
        _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
