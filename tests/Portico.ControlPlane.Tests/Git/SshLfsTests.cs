using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Files in Git LFS of a repository that is read by ssh: a real ssh server, and a real one for the files.</summary>
public sealed class SshLfsTests : IAsyncLifetime
{
    private const string Content = "a large picture\n";

    private static readonly string Oid = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));

    private readonly HttpClient _real = new();
    private GitHost _host = null!;
    private SshServer _ssh = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ssh = await SshServer.StartAsync(Token);
        _host = await GitHost.StartAsync();
        var user = _host.NewUser();
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize {Content.Length}\n";
        user.Commit("large", (".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("a.png", pointer));
        _ssh.Show(user, "app");
        // What the platform's client asks at this address goes there.
        _host.Api.Platform.Receivers.Behaviours["127.0.0.1"] = async (call, token) =>
        {
            using var request = new HttpRequestMessage(call.Body.Length > 0 ? HttpMethod.Post : HttpMethod.Get, call.Url);
            foreach (var (name, value) in call.Headers)
                request.Headers.TryAddWithoutValidation(name, value);
            if (call.Body.Length > 0)
                request.Content = new StringContent(call.Body, Encoding.UTF8, "application/vnd.git-lfs+json");
            return await _real.SendAsync(request, token);
        };
    }

    public async ValueTask DisposeAsync()
    {
        _real.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        if (_ssh is not null)
            await _ssh.DisposeAsync();
    }

    [Fact]
    public async Task They_come_from_where_git_lfs_authenticate_says_with_what_it_says()
    {
        var server = $"{_host.Api.Owner.BaseAddress!.ToString().TrimEnd('/')}/git/files.git/info/lfs";
        using var put = await _host.Api.Owner.PutAsync(new Uri($"{server}/objects/{Oid}"), new StringContent(Content), Token);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        // The answer of our own server needs the key a second time.
        _ssh.LfsAnswer = $$"""{"href":"{{server}}","header":{"Authorization":"Bearer {{_host.Key}}"},"expires_in":60}""";
        await DeployAsync();
        Assert.Equal($"git-lfs-authenticate '{_ssh.PathOf("app")}' download", _ssh.Asked[^1]);
        Assert.Equal($"Bearer {_host.Key}", _host.Api.Platform.Receivers.Calls[0].Headers["Authorization"]);
        Assert.EndsWith("/git/files.git/info/lfs/objects/batch", _host.Api.Platform.Receivers.Calls[0].Url.AbsolutePath, StringComparison.Ordinal);
        Assert.DoesNotContain(await _host.NotesAsync(), note => note.Contains(_host.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_that_program_the_server_beside_the_repository_is_asked_by_https_without_any_access()
    {
        _host.Api.Platform.Receivers.Answer("127.0.0.1", HttpStatusCode.Forbidden);
        var deploy = await DeployAsync();
        var call = Assert.Single(_host.Api.Platform.Receivers.Calls);
        Assert.Equal($"https://127.0.0.1{_ssh.PathOf("app")}/info/lfs/objects/batch", call.Url.ToString());
        Assert.DoesNotContain("Authorization", call.Headers.Keys);
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains("responded with status 403", deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("git-lfs-authenticate over SSH reported", deploy.Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"href\":\"file:///etc\",\"header\":{\"x\":\"secret\"}}", "is not an http or https URL")]
    [InlineData("{\"href\":\"git@example.org:x\"}", "is not an http or https URL")]
    [InlineData("secret, and no JSON", "is not valid")]
    public async Task What_it_says_is_not_believed_blindly(string answer, string problem)
    {
        _ssh.LfsAnswer = answer;
        var deploy = await DeployAsync();
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains(problem, deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", deploy.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Api.Platform.Receivers.Calls);
    }

    [Theory]
    [InlineData("git@example.org:me/app.git", "git@example.org", null, "me/app.git", "https://example.org/me/app.git/info/lfs")]
    [InlineData("ssh://git@example.org:2222/me/app", "git@example.org", 2222, "/me/app", "https://example.org/me/app.git/info/lfs")]
    public void An_address_says_whom_to_ask_for_what(string url, string target, int? port, string path, string beside)
    {
        var address = SshAddress.Parse(url)!;
        Assert.Equal((target, port, path), (address.Target, address.Port, address.Path));
        Assert.Equal(beside, LfsServer.Beside(address).Url);
        Assert.Null(SshAddress.Parse("https://example.org/me/app.git"));
    }

    private async Task<DeployRow> DeployAsync()
    {
        var service = await _host.CreateWorkerAsync(_ssh.UrlOf("app"));
        var key = await _host.Api.Owner.CallAsync(HttpMethod.Post, $"/portico/v1/services/{service}/source/deploy-key", HttpStatusCode.OK);
        _ssh.LetIn(key.GetProperty("deployKey").GetString()!);
        await _host.Api.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{service}/deploys", HttpStatusCode.Created, "{}");
        await _host.Api.Platform.SettleAsync(Token);
        return await _host.LastDeployAsync();
    }
}
