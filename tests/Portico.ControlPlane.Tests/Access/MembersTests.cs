using System.Net;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Access;

public sealed class MembersTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_role_can_be_changed_and_a_member_removed()
    {
        var added = await _host.JoinAsync(Workspace, "ada@example.org");
        using var ada = _host.Client(added.Text("key"));
        var path = $"/v1/owners/{Workspace}/members/{added.Text("userId")}";

        var changed = await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"role":"ADMIN"}""");
        Assert.Equal("ADMIN", changed.Text("role"));
        await ada.CallAsync(HttpMethod.Patch, path, HttpStatusCode.OK, """{"role":"DEVELOPER"}""");
        await _host.Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.NoContent);

        await ada.CallAsync(HttpMethod.Get, $"/v1/owners/{Workspace}/members", HttpStatusCode.Forbidden);
        await _host.Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_last_admin_stays()
    {
        var second = await CreateWorkspaceAsync("Second");
        var owner = (await _host.Owner.ReadAsync($"/v1/owners/{second}/members"))[0].Text("userId");
        var added = await _host.JoinAsync(second, "ada@example.org");
        var path = $"/v1/owners/{second}/members/{owner}";

        await _host.Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.Conflict);
        await _host.Owner.CallAsync(HttpMethod.Patch, path, HttpStatusCode.Conflict, """{"role":"WORKSPACE_VIEWER"}""");
        await _host.Owner.CallAsync(
            HttpMethod.Patch, $"/v1/owners/{second}/members/{added.Text("userId")}", HttpStatusCode.OK, """{"role":"ADMIN"}""");
        await _host.Owner.CallAsync(HttpMethod.Delete, path, HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task The_machines_owner_stays_admin_of_the_first_workspace()
    {
        using var admin = await _host.MemberAsync(Role.Admin, Workspace, Token);
        var members = await admin.ReadAsync($"/v1/owners/{Workspace}/members");
        var owner = members.EnumerateArray().Single(item => item.Text("email") == "owner@localhost").Text("userId");

        await admin.CallAsync(HttpMethod.Delete, $"/v1/owners/{Workspace}/members/{owner}", HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("""{"email":"not an address","role":"DEVELOPER"}""", "email")]
    [InlineData("""{"email":"a@b\r\nBcc: c@d","role":"DEVELOPER"}""", "email")]
    [InlineData("""{"email":"a@example.org","role":"KING"}""", "role")]
    public async Task What_cannot_be_is_refused(string body, string field)
    {
        using var response = await _host.Owner.SendAsync(HttpMethod.Post, $"/portico/v1/workspaces/{Workspace}/invitations", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith($"{field}: ", (await ApiHost.ErrorAsync(response, Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_an_empty_workspace_can_be_deleted_and_never_the_first()
    {
        var second = await CreateWorkspaceAsync("Second");
        await _host.Owner.CallAsync(HttpMethod.Patch, $"/portico/v1/workspaces/{second}", HttpStatusCode.OK, """{"name":"Other"}""");
        Assert.Equal("Other", (await _host.Owner.ReadAsync($"/v1/owners/{second}")).Text("name"));

        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/workspaces/{Workspace}", HttpStatusCode.Conflict);
        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/workspaces/{second}", HttpStatusCode.NoContent);
        await _host.Owner.CallAsync(HttpMethod.Get, $"/v1/owners/{second}", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "/portico/v1/status")]
    [InlineData("POST", "/portico/v1/stop")]
    [InlineData("POST", "/portico/v1/workspaces")]
    public async Task What_is_about_the_platform_is_its_owners_alone(string method, string path)
    {
        using var admin = await _host.MemberAsync(Role.Admin, null, Token);

        await admin.CallAsync(new HttpMethod(method), path, HttpStatusCode.Forbidden, method == "POST" ? "{}" : null);
    }

    private async Task<string> CreateWorkspaceAsync(string name)
    {
        // The first workspace is the oldest.
        _host.Platform.Time.Advance(TimeSpan.FromSeconds(1));
        return (await _host.Owner.CallAsync(
            HttpMethod.Post, "/portico/v1/workspaces", HttpStatusCode.Created, $$"""{"name":"{{name}}"}""")).Text("id");
    }
}
