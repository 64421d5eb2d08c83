using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Shells.Ssh;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Git;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Shells;

public sealed class SshKeysTests : IAsyncLifetime
{
    private const string Path = "/portico/v1/ssh-keys";

    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        foreach (var program in (string[])["sshd", "bwrap", "perl"])
            Installed.Require(program);
        _host = await ApiHost.StartAsync(Token);
    }

    public ValueTask DisposeAsync() => _host is null ? ValueTask.CompletedTask : _host.DisposeAsync();

    [Fact]
    public async Task Users_see_and_delete_their_own_keys_only()
    {
        var member = await _host.MemberAsync(Role.Viewer, _host.Platform.Workspace, Token);
        var id = (await member.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Created, BodyOf(1))).Text("id");

        Assert.StartsWith("ssh-", id, StringComparison.Ordinal);
        Assert.Equal(id, (await member.ReadAsync(Path))[0].Text("id"));
        Assert.Equal(0, (await _host.Owner.ReadAsync(Path)).GetArrayLength());
        await _host.Owner.CallAsync(HttpMethod.Delete, $"{Path}/{id}", HttpStatusCode.NotFound);
        await member.CallAsync(HttpMethod.Delete, $"{Path}/{id}", HttpStatusCode.NoContent);
        Assert.Equal(0, (await member.ReadAsync(Path)).GetArrayLength());
    }

    [Fact]
    public async Task User_has_a_key_once_and_cannot_keep_others_from_adding_it()
    {
        await _host.Owner.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Created, BodyOf(1));
        await _host.Owner.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Conflict, BodyOf(1));
        var other = await _host.MemberAsync(Role.Developer, null, Token);
        await other.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Created, BodyOf(1));
    }

    [Fact]
    public async Task Number_of_keys_is_limited()
    {
        for (var i = 0; i < SshKeys.Most; i++)
            await _host.Owner.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Created, BodyOf(i));
        await _host.Owner.CallAsync(HttpMethod.Post, Path, HttpStatusCode.Conflict, BodyOf(SshKeys.Most));
    }

    [Fact]
    public async Task Key_is_valid_as_long_as_the_key_that_added_it_and_is_removed_then()
    {
        var secret = (await _host.Owner.CallAsync(HttpMethod.Post, "/portico/v1/keys", HttpStatusCode.Created, """{"name":"ci"}""")).Text("secret");
        var id = (await _host.Client(secret).CallAsync(HttpMethod.Post, Path, HttpStatusCode.Created, BodyOf(1))).Text("id");
        var keys = _host.Get<SshKeys>();
        Assert.NotNull(await keys.CallerOfAsync(id, Token));

        var creator = (await _host.Owner.ReadAsync("/portico/v1/keys"))[0].Text("id");
        await _host.Owner.CallAsync(HttpMethod.Delete, $"/portico/v1/keys/{creator}", HttpStatusCode.NoContent);

        Assert.Null(await keys.CallerOfAsync(id, Token));
        await _host.Get<AccessSweeper>().ReconcileAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.False(await db.SshKeys.AnyAsync(Token));
    }

    [Theory]
    [InlineData("""{"name":"laptop","publicKey":"nonsense"}""")]
    [InlineData("""{"name":"","publicKey":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"}""")]
    [InlineData("""{"name":"laptop"}""")]
    public async Task What_is_no_key_is_refused(string body) => await _host.Owner.CallAsync(HttpMethod.Post, Path, HttpStatusCode.BadRequest, body);

    /// <summary>A key as <c>ssh-keygen</c> makes it.</summary>
    private static string BodyOf(int number)
    {
        byte[] key = [0, 0, 0, 11, .. "ssh-ed25519"u8, 0, 0, 0, 32, .. new byte[31], (byte)number];
        return $$"""{"name":"key {{number}}","publicKey":"ssh-ed25519 {{Convert.ToBase64String(key)}} me@here"}""";
    }
}
