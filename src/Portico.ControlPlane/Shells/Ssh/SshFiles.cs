using System.Text;
using Portico.Hosting;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>
/// What sshd sees as <c>/run/ssh</c>: its settings, its host key, the users that it accepts, their keys, and the socket of the server.
/// The directory belongs to Portico; the files belong to the account of sshd, which can only read them.
/// </summary>
internal sealed class SshFiles(string directory, string? account)
{
    /// <summary>The number of the only account in the sandbox of sshd.</summary>
    public const int Account = 1000;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Passable = Private | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Directory => directory;

    public string Socket => Path.Combine(directory, "socket");

    public string HostKey => Path.Combine(directory, "host_key");

    public async Task CreateAsync(int port, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(directory, Passable);
        File.SetUnixFileMode(directory, Passable);
        if (!File.Exists(HostKey))
            await SshTool.RunAsync(["/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "portico", "-f", HostKey], cancellationToken);
        await SetAsync("session.pl", Resource("session.pl"), cancellationToken);
        await SetAsync("keep-sshd.sh", Resource("keep-sshd.sh"), cancellationToken);
        await SetAsync("group", $"ssh:x:{Account}:\n", cancellationToken);
        await SetAsync("nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\n", cancellationToken);
        await SetAsync("sshd_config", $"""
            Port {port}
            LogLevel ERROR
            HostKey /run/ssh/host_key
            AuthorizedKeysFile /run/ssh/authorized_keys
            StrictModes no
            UsePAM no
            AuthenticationMethods publickey
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            AllowAgentForwarding no
            AllowTcpForwarding no
            AllowStreamLocalForwarding no
            X11Forwarding no
            PermitTunnel no
            PermitUserRC no
            PidFile none
            PrintMotd no
            LoginGraceTime 30
            MaxAuthTries 6
            MaxSessions 10
            MaxStartups 20:50:100
            PerSourceMaxStartups 20
            ClientAliveInterval 30
            ClientAliveCountMax 3

            """, cancellationToken);
        await OwnAsync([HostKey], cancellationToken);
    }

    /// <param name="keys">Lines of <c>authorized_keys</c>, by the id of each key.</param>
    public Task SetKeysAsync(IEnumerable<(string Id, string Line)> keys, CancellationToken cancellationToken) =>
        // sshd takes the first line with a key, which several users may have added. Nothing but ids of Portico's own is in the command.
        SetAsync("authorized_keys", string.Concat(keys.GroupBy(key => key.Line, key => key.Id).Select(key =>
            $"restrict,pty,command=\"/usr/bin/perl /run/ssh/session.pl {string.Join(' ', key)}\" {key.Key}\n")), cancellationToken);

    /// <summary>Sets the user names that clients may use. All of them are the same account.</summary>
    public Task SetNamesAsync(IEnumerable<string> names, CancellationToken cancellationToken) =>
        SetAsync("passwd", string.Concat(names.Prepend("sshd").Select(name => $"{name}:x:{Account}:{Account}::/run/ssh:/bin/sh\n")), cancellationToken);

    public Task OwnSocketAsync(CancellationToken cancellationToken)
    {
        File.SetUnixFileMode(Socket, Private);
        return OwnAsync([Socket], cancellationToken);
    }

    /// <summary>Replaces a file if it differs.</summary>
    private async Task SetAsync(string name, string content, CancellationToken cancellationToken)
    {
        var (path, bytes) = (Path.Combine(directory, name), Encoding.UTF8.GetBytes(content));
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(bytes))
            return;
        var temporary = path + ".new";
        DurableFile.WriteUnflushed(temporary, stream => stream.Write(bytes), Private);
        await OwnAsync([temporary], cancellationToken);
        File.Move(temporary, path, overwrite: true);
    }

    private Task OwnAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken) =>
        account is null ? Task.CompletedTask : SshTool.RunAsync(["/usr/bin/chown", "-h", "--", account, .. paths], cancellationToken);

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(SshFiles).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
