using System.Net;
using System.Security.Cryptography;
using System.Text;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Files that a repository elsewhere keeps in Git LFS.</summary>
public sealed class LfsTests : IAsyncLifetime
{
    private const string Content = "a large picture\n";

    private static readonly string Oid = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));

    private GitHost _git = null!;
    private PushingUser _user = null!;
    private StaticRepositories _elsewhere = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _git = await GitHost.StartAsync();
        _user = _git.NewUser();
        _elsewhere = await StaticRepositories.StartAsync(Token);
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize {Content.Length}\n";
        var commit = _user.Commit("large", (".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("a.png", pointer), ("sub/b.png", pointer), ("main", "1"));
        await _elsewhere.ShowAsync(_user, "app", commit, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _elsewhere.DisposeAsync();
        await _git.DisposeAsync();
    }

    [Fact]
    public async Task They_are_fetched_and_built_in()
    {
        Serve(Content);
        var deploy = await DeployAsync();
        Assert.True(deploy.Status == DeployStatus.Live, deploy.Failure?.Message);
        foreach (var (path, expected) in ((string, string)[])[("a.png", Content), ("sub/b.png", Content), ("main", "1")])
            Assert.Equal(expected, await _git.BuiltAsync(path));
        var calls = Calls;
        Assert.Equal(["/app.git/info/lfs/objects/batch", "/file"], calls.Select(call => call.Url.AbsolutePath));
        Assert.Equal($"Basic {Convert.ToBase64String("me:secret"u8)}", calls[0].Headers["Authorization"]);
        Assert.Equal("for this", calls[1].Headers["X-Ticket"]);
        Assert.DoesNotContain("Authorization", calls[1].Headers.Keys);
        Assert.Contains(await _git.NotesAsync(), text => text.Contains("Files from Git LFS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("another picture", "does not match the file")]
    [InlineData("a picture that is longer than the pointer says", "longer than")]
    [InlineData(null, "responded with status 404")]
    public async Task What_cannot_be_had_or_is_something_else_ends_the_deploy_and_says_so(string? sent, string problem)
    {
        if (sent is null)
            _git.Api.Platform.Receivers.Answer("127.0.0.1", HttpStatusCode.NotFound);
        else
            Serve(sent);
        var deploy = await DeployAsync();
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains("Git LFS", deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(problem, deploy.Failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", deploy.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(_git.Api.Platform.World.Builds);
    }

    [Fact]
    public async Task An_address_that_the_commit_names_is_asked_without_the_token_of_another_host()
    {
        Serve(Content, "lfs.example");
        await ConfigureAsync("[lfs]\n\turl = https://lfs.example/store/\n");
        var deploy = await DeployAsync();
        Assert.True(deploy.Status == DeployStatus.Live, deploy.Failure?.Message);
        Assert.Equal("https://lfs.example/store/objects/batch", Calls[0].Url.ToString());
        Assert.All(Calls, call => Assert.DoesNotContain("Authorization", call.Headers.Keys));
        Assert.Equal(Content, await _git.BuiltAsync("a.png"));
    }

    [Theory]
    [InlineData("{0}/store", "me:secret")]
    [InlineData("https://you:other@lfs.example/store", "you:other")]
    public async Task The_token_goes_to_its_own_host_and_an_addresss_own_is_used(string url, string access)
    {
        Serve(Content, "lfs.example");
        Serve(Content);
        await ConfigureAsync($"[lfs]\n\turl = {url.Replace("{0}", _elsewhere.Url, StringComparison.Ordinal)}\n");
        var deploy = await DeployAsync();
        Assert.True(deploy.Status == DeployStatus.Live, deploy.Failure?.Message);
        Assert.EndsWith("/store/objects/batch", Calls[0].Url.ToString(), StringComparison.Ordinal);
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(access))}", Calls[0].Headers["Authorization"]);
        Assert.DoesNotContain(await _git.NotesAsync(), text => text.Contains("other", StringComparison.Ordinal) || text.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[lfs]\n\turl = file:///etc\n", "is not supported")]
    [InlineData("[lfs]\n\turl = ssh://git@lfs.example/x\n", "is not supported")]
    [InlineData("[lfs]\n\turl = ../other\n", "is not supported")]
    [InlineData("[lfs", "could not read")]
    public async Task An_address_that_nobody_follows_ends_the_deploy_and_says_so(string configuration, string problem)
    {
        await ConfigureAsync(configuration);
        var deploy = await DeployAsync();
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains(".lfsconfig", deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(problem, deploy.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(Calls);
    }

    private IReadOnlyList<SimCall> Calls => _git.Api.Platform.Receivers.Calls;

    private void Serve(string content, string host = "127.0.0.1")
    {
        _git.Api.Platform.Receivers.Answer(host, HttpStatusCode.OK, $$"""
            {"transfer":"basic","objects":[{"oid":"{{Oid}}","size":{{Content.Length}},"actions":{"download":{"href":"https://files.example/file","header":{"X-Ticket":"for this"} } } }] }
            """);
        _git.Api.Platform.Receivers.Answer("files.example", HttpStatusCode.OK, content);
    }

    private async Task<DeployRow> DeployAsync()
    {
        await _git.CreateWorkerAsync($"{_elsewhere.Url.Replace("//", "//me:secret@", StringComparison.Ordinal)}/app.git");
        return await _git.LastDeployAsync();
    }

    private Task ConfigureAsync(string text) => _elsewhere.ShowAsync(_user, "app", _user.Commit("configured", (".lfsconfig", text)), Token);
}
