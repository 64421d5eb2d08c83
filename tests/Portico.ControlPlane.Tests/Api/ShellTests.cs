using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Shells;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>Shells and commands over real websockets; what runs is simulated: it repeats its input.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private static readonly StartShell InTerminal = new() { Terminal = new ShellTerminal("xterm", 80, 24) };

    private ApiHost _host = null!;
    private ServiceRow _api = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await _host.Platform.SettleAsync(Token);
        _api = await ServiceAsync("api");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Shell_carries_input_output_size_and_exit_code()
    {
        using var connection = await ClientOf(_host.Owner).OpenShellAsync(_api.Id, null, InTerminal, Token);
        await connection.WriteAsync("hello\n"u8.ToArray(), Token);
        await connection.ResizeAsync(new ShellSize(132, 43), Token);
        await connection.WriteAsync("exit 5\n"u8.ToArray(), Token);
        var (output, end) = await ReadAsync(connection);
        Assert.Matches($"^{_api.Id}-.*: \nhello\n132x43\n$", output);
        Assert.Equal(5, end!.ExitCode);
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Select(row => row.Event).SequenceEqual([ShellAudit.Began, ShellAudit.Ended]), Eventually.Limit, "both are recorded");
        Assert.All(await AuditAsync(), row => Assert.Equal((_api.Id, $"/portico/v1/services/{_api.Id}/shell"), (row.ResourceId, row.Path)));
    }

    [Fact]
    public async Task Instance_can_be_chosen_by_its_id_or_the_end_of_it()
    {
        var instances = _host.Platform.World.Instances.Where(instance => instance.Owner == _api.Id).Select(instance => instance.Id.Value).ToList();
        Assert.True(instances.Count > 1);
        foreach (var id in instances)
            foreach (var name in (string[])[id, id[(_api.Id.Length + 1)..]])
            {
                using var connection = await ClientOf(_host.Owner).OpenShellAsync(_api.Id, name, new StartShell(), Token);
                await connection.EndInputAsync(Token);
                Assert.StartsWith($"{id}: ", (await ReadAsync(connection)).Output, StringComparison.Ordinal);
            }
        var worker = await ServiceAsync("worker");
        var foreign = _host.Platform.World.Instances.First(instance => instance.Owner == worker.Id).Id.Value;
        Assert.Equal(404, (await Assert.ThrowsAsync<PlatformException>(() => ClientOf(_host.Owner).OpenShellAsync(_api.Id, foreign, InTerminal, Token))).StatusCode);
    }

    [Fact]
    public async Task Command_gets_a_sandbox_of_its_own_which_ends_with_it()
    {
        using var connection = await ClientOf(_host.Owner).RunAsync(_api.Id, new StartShell { Command = ["npm", "run", "migrate it"] }, Token);
        var job = await Eventually.BecomesAsync(() => Task.FromResult(_host.Platform.World.Jobs.Values.SingleOrDefault(job => job.IsHeld)), job => job is not null, Eventually.Limit, "its sandbox starts");
        Assert.Equal(_api.Id, job!.Revision.Owner);
        Assert.Null(job.Revision.Disk);
        await connection.EndInputAsync(Token);
        var (output, end) = await ReadAsync(connection);
        Assert.Equal($"{job.Id}: npm run migrate it\n", output);
        Assert.Equal(0, end!.ExitCode);
        await Eventually.TrueAsync(() => !_host.Platform.World.Runs.ContainsKey(job.Id), "its sandbox is gone");
    }

    [Fact]
    public async Task What_cannot_run_is_refused_with_a_reason()
    {
        var site = await ServiceAsync("web");
        var error = await Assert.ThrowsAsync<PlatformException>(() => ClientOf(_host.Owner).OpenShellAsync(site.Id, null, InTerminal, Token));
        Assert.Contains("static site", error.Message, StringComparison.Ordinal);
        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.Services.Where(row => row.Id == _api.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Suspended, true), Token);
        error = await Assert.ThrowsAsync<PlatformException>(() => ClientOf(_host.Owner).RunAsync(_api.Id, InTerminal, Token));
        Assert.Contains("suspended", error.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Owner.GetAsync(new Uri($"/portico/v1/services/{(await ServiceAsync("worker")).Id}/shell", UriKind.Relative), Token)).StatusCode);
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("null", false)]
    [InlineData("same", true)]
    [InlineData(null, true)]
    public async Task Page_of_another_site_cannot_open_a_shell(string? origin, bool opens)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Authorization", _host.Owner.DefaultRequestHeaders.Authorization!.ToString());
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin == "same" ? $"http://{_host.Owner.BaseAddress!.Authority}" : origin);
        var connecting = socket.ConnectAsync(new Uri($"ws://{_host.Owner.BaseAddress!.Authority}/portico/v1/services/{_api.Id}/shell"), Token);
        if (opens)
            await connecting;
        else
            await Assert.ThrowsAsync<WebSocketException>(() => connecting);
        Assert.Equal(opens ? HttpStatusCode.SwitchingProtocols : HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Session_ends_when_its_key_is_revoked()
    {
        var member = await _host.MemberAsync(Role.Developer, _host.Platform.Workspace, Token);
        using var connection = await ClientOf(member).OpenShellAsync(_api.Id, null, InTerminal, Token);
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Count == 1, Eventually.Limit, "the session has begun");
        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.ApiKeys.ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, _host.Platform.Time.GetUtcNow()), Token);
        Assert.Contains("revoked", (await ReadWhileTimePassesAsync(connection))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_ends_when_its_user_loses_the_role()
    {
        var member = await _host.MemberAsync(Role.Developer, _host.Platform.Workspace, Token);
        using var connection = await ClientOf(member).OpenShellAsync(_api.Id, null, InTerminal, Token);
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Count == 1, Eventually.Limit, "the session has begun");
        await using (var db = await _host.Platform.OpenAsync(Token))
            await db.Members.Where(row => row.Role == Role.Developer).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, Role.Viewer), Token);
        Assert.Contains("may not operate", (await ReadWhileTimePassesAsync(connection))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_that_carries_nothing_ends()
    {
        using var connection = await ClientOf(_host.Owner).OpenShellAsync(_api.Id, null, InTerminal, Token);
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Count == 1, Eventually.Limit, "the session has begun");
        Assert.Contains("60 minutes without", (await ReadWhileTimePassesAsync(connection, TimeSpan.FromMinutes(5)))!.Message, StringComparison.Ordinal);
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Count == 2, Eventually.Limit, "its end is recorded");
    }

    [Fact]
    public async Task Each_user_has_a_limited_number_of_sessions()
    {
        var open = new List<ShellConnection>();
        try
        {
            for (var i = 0; i < ShellLimits.MostOfUser; i++)
                open.Add(await ClientOf(_host.Owner).OpenShellAsync(_api.Id, null, InTerminal, Token));
            using var socket = new ClientWebSocket();
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("Authorization", _host.Owner.DefaultRequestHeaders.Authorization!.ToString());
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{_host.Owner.BaseAddress!.Authority}/portico/v1/services/{_api.Id}/shell"), Token));
            Assert.Equal(HttpStatusCode.TooManyRequests, socket.HttpStatusCode);
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
        // The places of those that are gone are free again.
        await Eventually.BecomesAsync(AuditAsync, rows => rows.Count(row => row.Event == ShellAudit.Ended) == rows.Count(row => row.Event == ShellAudit.Began) && rows.Count > 0, Eventually.Limit, "all have ended");
        using var again = await ClientOf(_host.Owner).OpenShellAsync(_api.Id, null, InTerminal, Token);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"command\": [null]}")]
    [InlineData("{\"command\": [\"a\\u0000b\"]}")]
    public async Task First_message_must_say_what_to_run(string message)
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", _host.Owner.DefaultRequestHeaders.Authorization!.ToString());
        await socket.ConnectAsync(new Uri($"ws://{_host.Owner.BaseAddress!.Authority}/portico/v1/services/{_api.Id}/shell"), Token);
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, Token);
        var buffer = new byte[4096];
        var answer = await socket.ReceiveAsync(buffer.AsMemory(), Token);
        Assert.Contains("\"message\"", Encoding.UTF8.GetString(buffer, 0, answer.Count), StringComparison.Ordinal);
        Assert.Empty(await AuditAsync());
    }

    private static PlatformClient ClientOf(HttpClient http) => new(http);

    private async Task<ServiceRow> ServiceAsync(string name)
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.Services.AsNoTracking().SingleAsync(row => row.Name == name, Token);
    }

    private async Task<List<AuditRow>> AuditAsync()
    {
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.AuditLogs.AsNoTracking().Where(row => row.Event == ShellAudit.Began || row.Event == ShellAudit.Ended).OrderBy(row => row.Id).ToListAsync(Token);
    }

    private static async Task<(string Output, ShellEnd? End)> ReadAsync(ShellConnection connection)
    {
        var output = new StringBuilder();
        await foreach (var (_, bytes, end) in connection.ReadAsync(Token))
            if (end is not null)
                return (output.ToString(), end);
            else
                output.Append(Encoding.UTF8.GetString(bytes.Span));
        return (output.ToString(), null);
    }

    private async Task<ShellEnd?> ReadWhileTimePassesAsync(ShellConnection connection, TimeSpan? step = null)
    {
        var reading = ReadAsync(connection);
        await Eventually.TrueAsync(() =>
        {
            _host.Platform.Time.Advance(step ?? TimeSpan.FromSeconds(1));
            return reading.IsCompleted;
        }, "the session ends");
        return (await reading).End;
    }
}
