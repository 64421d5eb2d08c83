using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Shells;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.ControlPlane.Tests.Git;
using Portico.Core.Access;
using Portico.Testing;
using SshServer = Portico.ControlPlane.Shells.Ssh.SshServer;

namespace Portico.ControlPlane.Tests.Shells;

/// <summary>Who may open a session over SSH, with OpenSSH's own client and server; what runs is simulated: it repeats its input.</summary>
public sealed class SshSessionTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("portico-ssh-").FullName;
    private readonly int _port = FreePort.Find();
    private ApiHost _host = null!;
    private SshServer _server = null!;
    private string _service = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var program in (string[])["sshd", "ssh", "ssh-keygen", "bwrap", "perl"])
            Installed.Require(program);
        _host = await ApiHost.StartAsync(Token, settings => settings with { SshPort = _port });
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        _service = (await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token)).Id;
        _server = _host.Get<SshServer>();
        await _server.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.StopAsync(CancellationToken.None);
        if (_host is not null)
            await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Only_users_who_may_operate_the_service_get_in()
    {
        await AddKeyAsync(_host.Owner, "owner");
        await AddKeyAsync(await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token), "viewer");
        await AddKeyAsync(await _host.MemberAsync(Role.Admin, null, Token), "foreigner");
        await ServesAsync();

        var (code, output, _) = await SshAsync("owner", _service, "uname -a");
        Assert.Equal(0, code);
        Assert.Matches($"^{_service}-[a-z0-9]+: uname -a\n$", output);
        foreach (var (key, reason) in ((string, string)[])[("viewer", "requires the contributor"), ("foreigner", "There is no service")])
        {
            var refused = await SshAsync(key, _service, "uname -a");
            Assert.Equal((255, ""), (refused.Code, refused.Output));
            Assert.Contains(reason, refused.Error, StringComparison.Ordinal);
        }
        await CreateKeyAsync("unknown");
        Assert.Equal(255, (await SshAsync("unknown", _service, "uname -a")).Code);
    }

    [Fact]
    public async Task Key_of_two_users_lets_the_one_in_who_may()
    {
        await AddKeyAsync(await _host.MemberAsync(Role.Admin, null, Token), "shared");
        await AddKeyAsync(_host.Owner, "shared");
        await ServesAsync();

        Assert.Equal(0, (await SshAsync("shared", _service, "true")).Code);
        await using var db = await _host.Platform.OpenAsync(Token);
        var owner = await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(Token);
        Assert.All(await AuditAsync(2), row => Assert.Equal((owner, $"ssh {_service}"), (row.UserId, row.Path)));
    }

    [Fact]
    public async Task Session_ends_when_the_key_that_added_its_key_is_revoked()
    {
        await AddKeyAsync(await _host.MemberAsync(Role.Developer, _host.Platform.Workspace, Token), "member");
        await ServesAsync();
        using var session = Ssh("member", _service, "stay");
        Assert.Contains("stay", await session.StandardOutput.ReadLineAsync(Token), StringComparison.Ordinal);

        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.ApiKeys.ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, _host.Platform.Time.GetUtcNow()), Token);

        await EndsAsync(session, TimeSpan.FromSeconds(1));
        Assert.Equal(255, session.ExitCode);
        Assert.Contains("revoked", await session.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
        Assert.Contains("not valid", (await SshAsync("member", _service, "true")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_that_carries_nothing_ends()
    {
        await AddKeyAsync(_host.Owner, "owner");
        await ServesAsync();
        using var session = Ssh("owner", _service, "stay");
        await session.StandardOutput.ReadLineAsync(Token);

        await EndsAsync(session, TimeSpan.FromMinutes(5));

        Assert.Contains("60 minutes without", await session.StandardError.ReadToEndAsync(Token), StringComparison.Ordinal);
        await AuditAsync(2);
    }

    [Fact]
    public async Task Sessions_of_all_kinds_count_towards_the_limit()
    {
        await AddKeyAsync(_host.Owner, "owner");
        await ServesAsync();
        var caller = await _host.Platform.OwnerAsync(Token);
        var places = Enumerable.Range(0, ShellLimits.MostOfUser).Select(_ => _host.Get<ShellLimits>().Open(caller, _service)).ToList();

        Assert.Contains("You already have 20", (await SshAsync("owner", _service, "true")).Error, StringComparison.Ordinal);

        places.ForEach(place => place.Dispose());
        Assert.Equal(0, (await SshAsync("owner", _service, "true")).Code);
    }

    [Fact]
    public async Task Shell_of_its_own_opens_once_for_the_user_who_asked()
    {
        await AddKeyAsync(_host.Owner, "owner");
        await AddKeyAsync(await _host.MemberAsync(Role.Admin, _host.Platform.Workspace, Token), "admin");
        await ServesAsync();
        var id = (await _host.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{_service}/ephemeral-shell", HttpStatusCode.Created, "{}")).Text("id");

        Assert.Contains("There is no shell", (await SshAsync("admin", $"{id}.{_service}", "true")).Error, StringComparison.Ordinal);
        using var session = Ssh("owner", $"{id}.{_service}", "true");
        await session.StandardOutput.ReadLineAsync(Token);
        await session.StandardInput.DisposeAsync();
        await session.WaitForExitAsync(Token);
        Assert.Equal(0, session.ExitCode);
        Assert.Equal(255, (await SshAsync("owner", $"{id}.{_service}", "true")).Code);
    }

    [Fact]
    public async Task Other_program_at_the_port_is_reported_and_waited_for()
    {
        using (var other = new TcpListener(IPAddress.Any, _port))
        {
            other.Start();
            await AddKeyAsync(_host.Owner, "owner");
            var loops = _host.Get<Portico.Hosting.Loops.LoopRegistry>();
            await PassesUntilAsync(() => loops.Get("ssh").Read().FailingSince is not null, "the loop reports it");
            Assert.False(_host.Get<SshState>().IsServing);
            Assert.Equal((true, $"The SSH server does not answer on port {_port}."), await _host.Get<SshServer>().DescribeAsync(Token));
        }

        await ServesAsync();
        Assert.Equal((false, $"The SSH server answers on port {_port}."), await _host.Get<SshServer>().DescribeAsync(Token));
    }

    [Fact]
    public async Task Reason_why_the_server_cannot_start_is_reported()
    {
        var directory = Directory.CreateDirectory(_host.Platform.Paths.Ssh).FullName;
        await File.WriteAllTextAsync(Path.Combine(directory, "host_key"), "damaged", Token);
        await AddKeyAsync(_host.Owner, "owner");
        var loops = _host.Get<Portico.Hosting.Loops.LoopRegistry>();
        await PassesUntilAsync(() => loops.Get("ssh").Read().FailingSince is not null, "the loop reports it");
        Assert.Contains("no hostkeys available", loops.Get("ssh").Read().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_listens_only_while_there_are_keys()
    {
        Assert.Equal((false, $"The SSH server starts on port {_port} when a user adds an SSH key."), await _host.Get<SshServer>().DescribeAsync(Token));
        await AddKeyAsync(_host.Owner, "owner");
        await ServesAsync();
        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.SshKeys.ExecuteDeleteAsync(Token);
        await PassesUntilAsync(() => !_host.Get<SshState>().IsServing, "it ends");
        // The kernel ends what is in its sandbox a moment after the sandbox itself.
        await Eventually.TrueAsync(async () => !await AnswersAsync(), Eventually.Limit, "nothing listens");
    }

    private async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, _port, Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private Task ServesAsync() => PassesUntilAsync(() => _host.Get<SshState>().IsServing, "the SSH server answers");

    private Task PassesUntilAsync(Func<bool> condition, string what) => Eventually.TrueAsync(() =>
    {
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    }, what);

    private async Task EndsAsync(Process session, TimeSpan step)
    {
        await Eventually.TrueAsync(() =>
        {
            _host.Platform.Time.Advance(step);
            return session.HasExited;
        }, "the session ends");
        await session.WaitForExitAsync(Token);
    }

    private Task<List<AuditRow>> AuditAsync(int count) => Eventually.BecomesAsync(async () =>
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.AuditLogs.AsNoTracking().Where(row => row.Event == ShellAudit.Began || row.Event == ShellAudit.Ended).ToListAsync(Token);
    }, rows => rows.Count == count, Eventually.Limit, "they are recorded");

    private async Task CreateKeyAsync(string name)
    {
        using var process = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", $"{_directory}/{name}"]);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Adds a public key to a user, and creates it if there is none of this name.</summary>
    private async Task AddKeyAsync(HttpClient user, string name)
    {
        if (!File.Exists($"{_directory}/{name}"))
            await CreateKeyAsync(name);
        var body = JsonSerializer.Serialize(new { name, publicKey = await File.ReadAllTextAsync($"{_directory}/{name}.pub", Token) });
        await user.CallAsync(HttpMethod.Post, "/portico/v1/ssh-keys", HttpStatusCode.Created, body);
    }

    private Process Ssh(string key, string name, string command) => Process.Start(new ProcessStartInfo("ssh",
    [
        "-F", "none", "-o", "StrictHostKeyChecking=accept-new", "-o", $"UserKnownHostsFile={_directory}/known_hosts", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
        "-o", "IdentitiesOnly=yes", "-i", $"{_directory}/{key}", "-p", $"{_port}", $"{name}@127.0.0.1", command,
    ])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private async Task<(int Code, string Output, string Error)> SshAsync(string key, string name, string command)
    {
        using var process = Ssh(key, name, command);
        await process.StandardInput.DisposeAsync();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token).WaitAsync(Eventually.Limit, Token);
        return (process.ExitCode, await output, await error);
    }
}
