using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Tests.Support;

namespace Portico.Cli.Tests;

/// <summary>The commands about people and their keys.</summary>
public sealed class AccessCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Terminal _terminal = null!;
    private FakeServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _terminal = new Terminal(_folder);
        _server = await FakeServer.StartAsync(_folder);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _terminal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_key_alone_is_on_standard_output()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("keys", "create", "ci", "--expires-in", "90"));
        Assert.Equal("rnd_secret\n", _terminal.Out.ToString());
        Assert.Contains("portico keys revoke key-1", _terminal.Error.ToString(), StringComparison.Ordinal);
        var request = Assert.Single(_server.CreatedKeys);
        Assert.Equal("ci", request.Name);
        Assert.NotNull(request.ExpiresAt);
    }

    [Fact]
    public async Task Keys_are_a_table_or_json()
    {
        await _terminal.RunAsync("keys", "list");
        Assert.Equal(
            """
            ID     NAME  KIND  MACHINE  USER             CREATED           EXPIRES  LAST USED
            key-1  ci    key   -        owner@localhost  2026-01-02 03:04  -        -

            """, _terminal.Out.ToString());
        using var terminal = new Terminal(_folder);
        await terminal.RunAsync("keys", "list", "--json");
        using var json = JsonDocument.Parse(terminal.Out.ToString());
        Assert.Equal("key-1", json.RootElement[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_key_is_revoked_by_its_id()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("keys", "revoke", "key-1"));
        Assert.Contains("DELETE /portico/v1/keys/key-1", _server.Requests);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("soon")]
    public async Task A_key_expires_in_some_days(string days) =>
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("keys", "create", "ci", "--expires-in", days));

    [Fact]
    public async Task The_link_of_an_invitation_alone_is_on_standard_output()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("members", "invite", "ada@example.org", "--role", "viewer"));
        Assert.Equal("http://localhost:8080/join?token=rnd_first\n", _terminal.Out.ToString());
        Assert.Equal(new CreateInvitation("ada@example.org", "WORKSPACE_VIEWER"), Assert.Single(_server.Invitations));
    }

    [Fact]
    public async Task A_role_that_is_none_is_a_mistake_on_the_command_line() =>
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("members", "invite", "ada@example.org", "--role", "king"));

    [Fact]
    public async Task Members_are_removed_by_address()
    {
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("members", "remove", "Ada@example.org"));
        Assert.Contains("DELETE /v1/owners/tea-1/members/usr-1", _server.Requests);
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("members", "remove", "bob@example.org"));
    }

    [Fact]
    public async Task Members_are_a_table()
    {
        await _terminal.RunAsync("members", "list", "--workspace", "My Workspace");
        Assert.Equal(
            """
            EMAIL            NAME  ROLE    ID
            ada@example.org  Ada   viewer  usr-1

            """, _terminal.Out.ToString());
    }

    [Fact]
    public async Task A_workspace_that_is_none_is_answered_with_those_that_are()
    {
        Assert.Equal(ExitCode.Failure, await _terminal.RunAsync("members", "list", "--workspace", "other"));
        Assert.Equal("error: There is no workspace 'other'.\nhint: There are: My Workspace.\n", _terminal.Error.ToString());
    }

    [Fact]
    public async Task A_waiting_client_is_shown_and_then_let_in()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer("yes");
        Assert.Equal(ExitCode.Ok, await terminal.RunAsync("login", "approve", "BCDF-GHJK"));
        Assert.Contains("'the command' at 203.0.113.9 asked", terminal.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("as owner@localhost", terminal.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("POST /portico/v1/logins/approve", _server.Requests);
    }

    [Fact]
    public async Task A_client_is_let_in_only_after_a_yes()
    {
        using var terminal = new Terminal(_folder, interactive: true);
        terminal.Answer("no");
        Assert.Equal(ExitCode.Failure, await terminal.RunAsync("login", "approve", "BCDF-GHJK"));
        Assert.Equal(ExitCode.Usage, await _terminal.RunAsync("login", "approve", "BCDF-GHJK"));
        Assert.DoesNotContain("POST /portico/v1/logins/approve", _server.Requests);
        Assert.Equal(ExitCode.Ok, await _terminal.RunAsync("login", "approve", "BCDF-GHJK", "--yes"));
    }
}
