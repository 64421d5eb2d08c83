using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.State;
using Portico.Core.Engines;
using Portico.Core.Services;
using Portico.Hosting.Loops;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>
/// Runs OpenSSH's sshd while there are SSH keys. It proves who is calling, in a sandbox of its own and as root under an account of its
/// own, so it can neither start a program nor read a file of the machine. What a client may do is decided by <see cref="SshListener"/>.
/// </summary>
/// <remarks><code>
/// client ─ ssh srv-…@host ─► sshd ─► session.pl KEY ─ socket ─► SshListener ─► sandbox of the service
/// </code></remarks>
internal sealed class SshServer(
    IDbContextFactory<PorticoDb> databases, IEngine engine, SshListener listener, EphemeralShells ephemeral, SshState state, PlatformSettings settings, BackgroundLoops loops)
    : BackgroundService
{
    private const string Sshd = "/usr/sbin/sshd", Bubblewrap = "/usr/bin/bwrap", Perl = "/usr/bin/perl";

    /// <summary>The account that the package of sshd creates.</summary>
    private const string AccountName = "sshd";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), LongestStart = TimeSpan.FromSeconds(10), Pause = TimeSpan.FromMilliseconds(20);

    private readonly SshFiles _files = new(settings.Paths.Ssh, Environment.IsPrivilegedProcess ? AccountName : null);
    private readonly SemaphoreSlim _writing = new(1);
    private Process? _process;

    /// <summary>Why there is no SSH server on this platform, as text for users; null if it runs when there are keys.</summary>
    public string? Restriction => engine.Capabilities.AttachRestriction is { } restriction ? restriction
        : settings.SshPort == 0 ? "SSH is off: PORTICO_SSH_PORT is 0."
        : ((string[])[Sshd, Bubblewrap, Perl]).FirstOrDefault(program => !File.Exists(program)) is { } missing ? $"SSH needs {missing}. Install it with `apt-get install openssh-server bubblewrap perl-base`."
        : null;

    private bool IsRunning => _process is { HasExited: false };

    /// <summary>Returns whether SSH works on this platform, as text for users.</summary>
    public async Task<(bool IsProblem, string Text)> DescribeAsync(CancellationToken cancellationToken) => (Restriction, (await KeysAsync(cancellationToken)).Count) switch
    {
        // While there are no keys, nothing needs it.
        ({ } restriction, var keys) => (keys > 0 && settings.SshPort > 0, restriction),
        (null, 0) => (false, $"The SSH server starts on port {settings.SshPort} when a user adds an SSH key."),
        _ when state.IsServing => (false, $"The SSH server answers on port {settings.SshPort}."),
        _ => (true, $"The SSH server does not answer on port {settings.SshPort}."),
    };

    /// <summary>Writes the user names that clients may use now. The directory exists once the server has been started.</summary>
    public async Task UpdateNamesAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_files.Directory))
            return;
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var services = await db.Services.AsNoTracking().Where(row => row.Type != ServiceType.StaticSite).Select(row => row.Id).ToListAsync(cancellationToken);
        var known = services.ToHashSet(StringComparer.Ordinal);
        var instances = engine.Observe().Instances.Where(instance => known.Contains(instance.Owner)).Select(instance => instance.Id.Value);
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _files.SetNamesAsync([.. services.Concat(instances).Concat(ephemeral.Names).Order(StringComparer.Ordinal)], cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void Dispose()
    {
        _process?.Dispose();
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.SshPort == 0)
            return;
        Socket? socket = null;
        var listening = Task.CompletedTask;
        await loops.RunAsync("ssh", async cancellationToken =>
        {
            var keys = Restriction is null ? await KeysAsync(cancellationToken) : [];
            if (keys.Count == 0)
            {
                End();
                return Interval;
            }
            if (socket is null)
            {
                await _files.CreateAsync(settings.SshPort, cancellationToken);
                socket = Listen();
                await _files.OwnSocketAsync(cancellationToken);
                listening = Task.Run(() => listener.ListenAsync(socket, stoppingToken), CancellationToken.None);
            }
            await _files.SetKeysAsync(keys, cancellationToken);
            await UpdateNamesAsync(cancellationToken);
            if (!IsRunning)
                await RunSshdAsync(cancellationToken);
            return Interval;
        }, stoppingToken);
        End();
        socket?.Dispose();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<List<(string Id, string Line)>> KeysAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return [.. (await db.SshKeys.AsNoTracking().OrderBy(row => row.Id).Select(row => new { row.Id, row.PublicKey }).ToListAsync(cancellationToken)).Select(row => (row.Id, row.PublicKey))];
    }

    private Socket Listen()
    {
        const int Backlog = 128;
        File.Delete(_files.Socket);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_files.Socket));
        socket.Listen(Backlog);
        return socket;
    }

    /// <summary>Starts sshd and waits until it answers.</summary>
    /// <exception cref="IOException">The port is in use, or sshd cannot start.</exception>
    private async Task RunSshdAsync(CancellationToken cancellationToken)
    {
        state.IsServing = false;
        _process?.Dispose();
        _process = null;
        RequireFreePort();
        var start = new ProcessStartInfo("/bin/bash", Command()) { RedirectStandardInput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        _process = Process.Start(start)!;
        var said = LastLineAsync(_process.StandardError);
        for (var waited = TimeSpan.Zero; waited < LongestStart; waited += Pause)
        {
            if (_process.HasExited)
                throw new IOException($"The SSH server ended with status {_process.ExitCode}. {await said}".TrimEnd());
            if (await AnswersAsync(cancellationToken))
            {
                state.IsServing = true;
                return;
            }
            // The start of a program takes real time, whatever the platform's clock shows.
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
        End();
        throw new IOException($"The SSH server does not answer on port {settings.SshPort}.");
    }

    /// <summary>Reads the messages of sshd, which are not kept: strangers cause them.</summary>
    private static async Task<string?> LastLineAsync(StreamReader reader)
    {
        string? last = null;
        try
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
                last = line;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has been ended.
        }
        return last;
    }

    /// <summary>Otherwise the program that has the port would be taken for sshd.</summary>
    private void RequireFreePort()
    {
        try
        {
            using var free = new TcpListener(IPAddress.Any, settings.SshPort);
            free.Start();
        }
        catch (SocketException e)
        {
            throw new IOException($"The SSH server cannot use port {settings.SshPort}. Set PORTICO_SSH_PORT to another one, or to 0. {e.Message}", e);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, settings.SshPort, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void End()
    {
        state.IsServing = false;
        if (_process is null)
            return;
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(5));
        _process.Dispose();
        _process = null;
    }

    private List<string> Command()
    {
        var account = SshFiles.Account.ToString(CultureInfo.InvariantCulture);
        return
        [
            Path.Combine(_files.Directory, "keep-sshd.sh"),
            .. Environment.IsPrivilegedProcess
                ? ["/usr/bin/setpriv", "--reuid", AccountName, "--regid", "nogroup", "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"]
                : Array.Empty<string>(),
            Bubblewrap, "--unshare-user", "--uid", account, "--gid", account, "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent",
            "--ro-bind", "/usr", "/usr", .. ((string[])["bin", "lib", "lib32", "lib64", "sbin"]).SelectMany(TopLevel),
            "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", _files.Directory, "/run/ssh",
            "--symlink", "/run/ssh/passwd", "/etc/passwd", "--symlink", "/run/ssh/group", "/etc/group", "--symlink", "/run/ssh/nsswitch.conf", "/etc/nsswitch.conf",
            "--remount-ro", "/", "--", Sshd, "-D", "-e", "-f", "/run/ssh/sshd_config",
        ];
    }

    private static IEnumerable<string> TopLevel(string name) => new FileInfo("/" + name).LinkTarget is { } target ? ["--symlink", target, "/" + name]
        : Directory.Exists("/" + name) ? ["--ro-bind", "/" + name, "/" + name] : [];
}
