using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Deploys;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Files that a repository elsewhere keeps in Git LFS.</summary>
public sealed class LfsTests : IAsyncLifetime
{
    private const string Content = "a large picture\n";

    private static readonly string Oid = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));

    private ApiHost _host = null!;
    private PushingUser _user = null!;
    private StaticRepositories _elsewhere = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        _user = new PushingUser(_host.Platform);
        _elsewhere = await StaticRepositories.StartAsync(Token);
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{Oid}\nsize {Content.Length}\n";
        var commit = _user.Commit("large", (".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("a.png", pointer), ("sub/b.png", pointer), ("main", "1"));
        await _elsewhere.ShowAsync(_user, "app", commit, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _elsewhere.DisposeAsync();
        _user.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task They_are_fetched_and_built_in()
    {
        Serve(Content);
        var deploy = await DeployAsync();
        Assert.True(deploy.Status == DeployStatus.Live, deploy.Failure?.Message);
        var build = _host.Platform.World.Builds[RevisionFactory.BuildId(deploy.Id)];
        foreach (var (path, expected) in ((string, string)[])[("a.png", Content), ("sub/b.png", Content), ("main", "1")])
            Assert.Equal(expected, await GitCommand.RunAsync(build.RepositoryPath, ["cat-file", "blob", $"{build.Tree}:{path}"], Token));
        var calls = _host.Platform.Receivers.Calls;
        Assert.Equal(["/app.git/info/lfs/objects/batch", "/file"], calls.Select(call => call.Url.AbsolutePath));
        Assert.Equal($"Basic {Convert.ToBase64String("me:secret"u8)}", calls[0].Headers["Authorization"]);
        Assert.Equal("for this", calls[1].Headers["X-Ticket"]);
        Assert.DoesNotContain("Authorization", calls[1].Headers.Keys);
        await using var db = await _host.Platform.OpenAsync(Token);
        Assert.Contains(await db.DeployNotes.Select(note => note.Text).ToListAsync(Token), text => text.Contains("Files from Git LFS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("another picture", "is not the file")]
    [InlineData("a picture that is longer than the pointer says", "longer than")]
    [InlineData(null, "answered 404")]
    public async Task What_cannot_be_had_or_is_something_else_ends_the_deploy_and_says_so(string? sent, string problem)
    {
        if (sent is null)
            _host.Platform.Receivers.Answer("127.0.0.1", HttpStatusCode.NotFound);
        else
            Serve(sent);
        var deploy = await DeployAsync();
        Assert.Equal(DeployStatus.BuildFailed, deploy.Status);
        Assert.Contains("Git LFS", deploy.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains(problem, deploy.Failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", deploy.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(_host.Platform.World.Builds);
    }

    private void Serve(string content)
    {
        _host.Platform.Receivers.Answer("127.0.0.1", HttpStatusCode.OK, $$"""
            {"transfer":"basic","objects":[{"oid":"{{Oid}}","size":{{Content.Length}},"actions":{"download":{"href":"https://files.example/file","header":{"X-Ticket":"for this"} } } }] }
            """);
        _host.Platform.Receivers.Answer("files.example", HttpStatusCode.OK, content);
    }

    private async Task<DeployRow> DeployAsync()
    {
        var url = $"{_elsewhere.Url.Replace("//", "//me:secret@", StringComparison.Ordinal)}/app.git";
        await _host.Owner.CallAsync(HttpMethod.Post, "/v1/services", HttpStatusCode.Created, $$"""
            {"type":"background_worker","name":"app","ownerId":"{{_host.Platform.Workspace}}","repo":"{{url}}","branch":"main",
            "serviceDetails":{"runtime":"node","envSpecificDetails":{"buildCommand":"make","startCommand":"work"} } }
            """);
        await _host.Platform.SettleAsync(Token);
        await using var db = await _host.Platform.OpenAsync(Token);
        return await db.Deploys.SingleAsync(Token);
    }
}
