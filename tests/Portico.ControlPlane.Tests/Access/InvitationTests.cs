using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Access;

/// <summary>Identity is proven by a key or a link, never claimed by an address.</summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private const string Accept = "/portico/v1/invitations/accept";
    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Workspace => _host.Platform.Workspace;

    private string Invitations => $"/portico/v1/workspaces/{Workspace}/invitations";

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Who_follows_the_link_becomes_a_user_with_the_role_and_a_key()
    {
        var token = await _host.InviteAsync(Workspace, "Ada@Example.org", Role.Viewer);

        var joined = await _host.Stranger.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.OK, Body(token, "Ada"));

        using var ada = _host.Client(joined.Text("key"));
        Assert.Equal("ada@example.org", (await ada.ReadAsync("/v1/users")).Text("email"));
        var member = (await ada.ReadAsync($"/v1/owners/{Workspace}/members")).EnumerateArray().Single(item => item.Text("userId") == joined.Text("userId"));
        Assert.Equal(("Ada", "WORKSPACE_VIEWER", "active"), (member.Text("name"), member.Text("role"), member.Text("status")));
        await ada.CallAsync(HttpMethod.Post, Invitations, HttpStatusCode.Forbidden, """{"email":"b@example.org","role":"DEVELOPER"}""");
    }

    [Fact]
    public async Task Nobody_is_a_member_before_they_follow_the_link()
    {
        await _host.InviteAsync(Workspace, "ada@example.org");

        Assert.Equal(1, (await _host.Owner.ReadAsync($"/v1/owners/{Workspace}/members")).GetArrayLength());
        var listed = await _host.Owner.ReadAsync(Invitations);
        Assert.Equal(("ada@example.org", "DEVELOPER"), (listed[0].Text("email"), listed[0].Text("role")));
        Assert.DoesNotContain("token", listed.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_who_took_an_address_first_gets_into_no_workspace_that_invites_it()
    {
        using var attacker = await _host.MemberAsync(Role.Admin, null, Token);
        var own = (await attacker.ReadAsync("/v1/owners"))[0].GetProperty("owner").Text("id");
        var taken = await _host.Stranger.CallAsync(
            HttpMethod.Post, Accept, HttpStatusCode.OK, Body(await _host.InviteAsync(own, "ada@example.org", Role.Admin, attacker)));
        using var impostor = _host.Client(taken.Text("key"));

        var joined = await _host.JoinAsync(Workspace, "ada@example.org");

        Assert.NotEqual(taken.Text("userId"), joined.Text("userId"));
        Assert.NotEqual(taken.Text("key"), joined.Text("key"));
        await impostor.CallAsync(HttpMethod.Get, $"/v1/owners/{Workspace}/members", HttpStatusCode.NotFound);
        await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.BadRequest, """{"name":"for ada","user":"ada@example.org"}""");
        await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, $$"""{"name":"for ada","user":"{{joined.Text("userId")}}"}""");
    }

    [Fact]
    public async Task A_user_joins_with_their_own_key_and_gets_no_other()
    {
        using var bob = await _host.MemberAsync(Role.Admin, null, Token);

        var joined = await bob.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.OK, Body(await _host.InviteAsync(Workspace, "ada@example.org", Role.Viewer)));

        Assert.False(joined.TryGetProperty("key", out var key) && key.ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal(2, (await bob.ReadAsync("/v1/owners")).GetArrayLength());
        await bob.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.Conflict, Body(await _host.InviteAsync(Workspace, "again@example.org")));
    }

    [Fact]
    public async Task A_link_works_once_even_for_two_at_the_same_time()
    {
        var token = await _host.InviteAsync(Workspace, "ada@example.org");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _host.Stranger.SendAsync(HttpMethod.Post, Accept, Body(token))));

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(2, (await _host.Owner.ReadAsync($"/v1/owners/{Workspace}/members")).GetArrayLength());
        await _host.Stranger.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.BadRequest, Body(token));
    }

    [Fact]
    public async Task A_link_ends_after_a_week_with_its_deletion_and_with_the_rights_of_who_sent_it()
    {
        var old = await _host.InviteAsync(Workspace, "old@example.org");
        _host.Platform.Time.Advance(TimeSpan.FromDays(7));
        var deleted = await _host.InviteAsync(Workspace, "deleted@example.org");
        var id = (await _host.Owner.ReadAsync(Invitations))[0].Text("id");
        await _host.Owner.CallAsync(HttpMethod.Delete, $"{Invitations}/{id}", HttpStatusCode.NoContent);
        await _host.Owner.CallAsync(HttpMethod.Delete, $"{Invitations}/{id}", HttpStatusCode.NotFound);
        var admin = await _host.JoinAsync(Workspace, "admin@example.org", Role.Admin);
        using var inviter = _host.Client(admin.Text("key"));
        var orphan = await _host.InviteAsync(Workspace, "orphan@example.org", by: inviter);
        await _host.Owner.CallAsync(
            HttpMethod.Patch, $"/v1/owners/{Workspace}/members/{admin.Text("userId")}", HttpStatusCode.OK, """{"role":"DEVELOPER"}""");

        foreach (var token in (string[])[old, deleted, orphan, "", "rnd_guess"])
            await _host.Stranger.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.BadRequest, Body(token));
        await _host.Platform.Get<AccessSweeper>().ReconcileAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Equal("orphan@example.org", Assert.Single(await db.Invitations.ToListAsync(Token)).Email);
    }

    [Fact]
    public async Task A_wrong_key_does_not_become_a_new_user()
    {
        var token = await _host.InviteAsync(Workspace, "ada@example.org");
        using var wrong = _host.Client("rnd_wrong");

        await wrong.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.Unauthorized, Body(token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PageAsync(token, ("api_key", "rnd_wrong"))).Status);

        await _host.Stranger.CallAsync(HttpMethod.Post, Accept, HttpStatusCode.OK, Body(token));
    }

    [Fact]
    public async Task Opening_the_page_changes_nothing_and_its_form_joins()
    {
        var token = await _host.InviteAsync(Workspace, "ada@example.org", Role.Viewer);
        var shown = await _host.Stranger.GetStringAsync(new Uri($"/join?token={token}", UriKind.Relative), Token);
        Assert.Contains("WORKSPACE_VIEWER", shown, StringComparison.Ordinal);
        Assert.Equal(1, (await _host.Owner.ReadAsync($"/v1/owners/{Workspace}/members")).GetArrayLength());
        Assert.Equal(HttpStatusCode.Forbidden, (await PageAsync(token, ("name", "Ada"), origin: "https://evil.example")).Status);

        var (status, text) = await PageAsync(token, ("name", "Ada <b>"));

        Assert.Equal(HttpStatusCode.OK, status);
        using var ada = _host.Client(text[text.IndexOf("rnd_", StringComparison.Ordinal)..][..68]);
        Assert.Equal("Ada <b>", (await ada.ReadAsync("/v1/users")).Text("name"));
        Assert.Equal(HttpStatusCode.NotFound, (await PageAsync(token, ("name", "Ada"))).Status);
    }

    [Fact]
    public async Task A_workspace_has_a_hundred_open_invitations_at_most()
    {
        for (var number = 0; number < ControlPlane.Access.Invitations.MostOpen; number++)
            await _host.InviteAsync(Workspace, $"user{number}@example.org");

        await _host.Owner.CallAsync(HttpMethod.Post, Invitations, HttpStatusCode.Conflict, """{"email":"more@example.org","role":"DEVELOPER"}""");
    }

    private static string Body(string token, string? name = null) => name is null ? $$"""{"token":"{{token}}"}""" : $$"""{"token":"{{token}}","name":"{{name}}"}""";

    private async Task<(HttpStatusCode Status, string Text)> PageAsync(string token, (string Name, string Value) field, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/join", UriKind.Relative));
        request.Content = new FormUrlEncodedContent([new("token", token), new(field.Name, field.Value)]);
        request.Headers.Add("Origin", origin ?? _host.Stranger.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var response = await _host.Stranger.SendAsync(request, Token);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Token));
    }
}
