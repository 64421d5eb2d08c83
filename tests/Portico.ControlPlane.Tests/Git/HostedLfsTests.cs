using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Background;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;
using Portico.Core.Deploys;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>The Git LFS server beside a repository that is pushed to here, as git-lfs itself uses it.</summary>
public sealed class HostedLfsTests : IAsyncLifetime
{
    private const long Megabyte = 1 << 20;

    private GitHost _git = null!;
    private PushingUser _user = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ApiHost Host => _git.Api;

    public async ValueTask InitializeAsync() => await StartAsync(0);

    private async Task StartAsync(long reserve)
    {
        _git = await GitHost.StartAsync(settings => settings with { GitPushBytes = 3 * Megabyte, MinFreeDiskBytes = reserve });
        _user = _git.NewUser();
    }

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task What_git_lfs_pushes_is_built_in_and_comes_back_with_a_clone()
    {
        Installed.Require("git-lfs");
        var large = RandomNumberGenerator.GetBytes(2 << 20);
        Begin();
        File.WriteAllBytes(Path.Combine(_user.Directory_, "a.png"), large);
        _user.Commit("first", ("render.yaml", GitHost.Blueprint), ("sub/b.png", "small"), ("main", "1"));
        var (code, said) = await PushAsync();
        Assert.True(code == 0, said);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Locking", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(await DigestAsync(large), await _git.BuiltIdAsync("a.png"));
        Assert.Equal(await DigestAsync("small"u8.ToArray()), await _git.BuiltIdAsync("sub/b.png"));
        Assert.Contains(await _git.NotesAsync(), text => text.Contains("Files from Git LFS on this platform: 2", StringComparison.Ordinal));

        // What is here is not sent again, and what is not is.
        _user.Commit("second", ("sub/c.png", "another"));
        (code, said) = await PushAsync();
        Assert.True(code == 0, said);
        Assert.Equal(await DigestAsync("another"u8.ToArray()), await _git.BuiltIdAsync("sub/c.png"));
        Assert.Equal(3, Objects().Length);

        var clone = _git.NewUser();
        clone.Run("init", "--quiet");
        clone.Run("lfs", "install", "--local");
        clone.Run("remote", "add", "origin", Url);
        (code, said) = await clone.TryAsync(Token, "pull", "--quiet", "origin", "main");
        Assert.True(code == 0, said);
        Assert.Equal(large, await File.ReadAllBytesAsync(Path.Combine(clone.Directory_, "a.png"), Token));
    }

    [Fact]
    public async Task A_key_that_git_asks_for_is_used_for_the_files_too()
    {
        Installed.Require("git-lfs");
        Begin();
        _user.Run("remote", "set-url", "portico", $"http://{Host.Owner.BaseAddress!.Authority}/git/shop.git");
        _user.Run("config", "credential.helper", $"!f() {{ test \"$1\" = get && echo username=portico && echo password={_git.Key}; }}; f");
        _user.Commit("first", ("render.yaml", GitHost.Blueprint), ("a.png", "1"));
        var (code, said) = await PushAsync();
        Assert.True(code == 0, said);
        Assert.Equal(await DigestAsync("1"u8.ToArray()), await _git.BuiltIdAsync("a.png"));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused_before_it_is_sent_and_git_lfs_says_why()
    {
        Installed.Require("git-lfs");
        Begin();
        File.WriteAllBytes(Path.Combine(_user.Directory_, "a.png"), new byte[(3 << 20) + 1]);
        _user.Commit("large", ("render.yaml", GitHost.Blueprint));
        var (code, said) = await PushAsync();
        Assert.NotEqual(0, code);
        Assert.Contains("more than 3 MB can't be uploaded", said, StringComparison.Ordinal);
        Assert.Contains("PORTICO_GIT_PUSH_MEGABYTES", said, StringComparison.Ordinal);
        Assert.Empty(Objects());
    }

    [Fact]
    public async Task Nothing_is_taken_that_would_fill_the_disk()
    {
        await DisposeAsync();
        await StartAsync(long.MaxValue / 2);
        var answer = await BatchAsync("upload", 5);
        Assert.Equal(HttpStatusCode.InsufficientStorage, answer.Status);
        Assert.Contains("Not enough disk space", answer.Json.Text("message"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InsufficientStorage, await PutAsync(OidOf("12345"), "12345"));
    }

    [Fact]
    public async Task What_is_sent_has_to_be_what_it_is_called()
    {
        var oid = OidOf("right");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(oid, "wrong"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync("../../../x", "right"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await PutAsync(oid.ToUpperInvariant(), "right"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync(oid, new string('x', (3 << 20) + 1), chunked: true));
        Assert.Empty(Objects());
        Assert.Empty(Scratch());

        Assert.Equal(HttpStatusCode.OK, await PutAsync(oid, "right"));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(oid, "right"));
        Assert.Equal(HttpStatusCode.OK, await VerifyAsync(oid, 5));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await VerifyAsync(oid, 6));
        Assert.Equal(HttpStatusCode.NotFound, await VerifyAsync(OidOf("other"), 5));
        Assert.Single(Objects());
        using var rest = new HttpRequestMessage(HttpMethod.Get, $"/git/shop.git/info/lfs/objects/{oid}");
        rest.Headers.Range = new RangeHeaderValue(2, null);
        using var answer = await Host.Owner.SendAsync(rest, Token);
        Assert.Equal((HttpStatusCode.PartialContent, "ght"), (answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        using var content = new BrokenContent(() => Scratch().Length > 0);
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await SendAsync(HttpMethod.Put, $"objects/{OidOf("x")}", content));
        await Eventually.TrueAsync(() => Scratch().Length == 0, "the rest of the upload is removed");
        Assert.Empty(Objects());
        // What a server did not live to remove goes with the next sweep; what arrives now does not.
        Directory.CreateDirectory(ScratchPath);
        foreach (var (name, age) in ((string, int)[])[("old", 2), ("new", 0)])
        {
            await File.WriteAllTextAsync(Path.Combine(ScratchPath, name), "x", Token);
            File.SetLastWriteTimeUtc(Path.Combine(ScratchPath, name), Host.Platform.Time.GetUtcNow().UtcDateTime.AddDays(-age));
        }
        Assert.Equal(HttpStatusCode.OK, await PutAsync(OidOf("kept"), "kept"));
        await Host.Get<LfsStore>().SweepAsync(Host.Get<RetriesFactory>().Create("sweep", "removal of"), Token);
        Assert.Equal(["new"], Scratch().Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_no_commit_refers_to_goes_after_a_day_unless_it_is_offered_again()
    {
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{OidOf("history")}\nsize 7\n";
        _user.Commit("with", (".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("a.png", pointer));
        _user.Run("rm", "--quiet", "a.png");
        _user.Commit("without", ("main", "1"));
        foreach (var text in (string[])["history", "offered", "forgotten"])
            Assert.Equal(HttpStatusCode.OK, await PutAsync(OidOf(text), text));
        Assert.Equal(0, (await _user.TryAsync(Token, "push", Url, "main")).ExitCode);
        Host.Platform.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(HttpStatusCode.OK, (await BatchAsync("upload", 7, OidOf("offered"))).Status);
        await Host.Get<LfsStore>().SweepAsync(Host.Get<RetriesFactory>().Create("sweep", "removal of"), Token);
        Assert.Equal(((string[])[OidOf("history"), OidOf("offered")]).Order(), Objects().Select(Path.GetFileName).Order());
        await Host.Owner.CallAsync(HttpMethod.Delete, "/portico/v1/repositories/shop", HttpStatusCode.NoContent);
        Assert.Empty(Objects());
    }

    [Fact]
    public async Task A_pointer_to_a_file_that_was_not_uploaded_ends_the_deploy_and_says_what_to_do_then()
    {
        Assert.Equal(HttpStatusCode.OK, await PutAsync(OidOf("other"), "other"));
        // The sweeper's first turn: it has a memory of its own here, and does not know what was pushed a moment ago.
        await Host.Platform.PassAsync(Token);
        var pointer = $"version https://git-lfs.github.com/spec/v1\noid sha256:{OidOf("late")}\nsize 4\n";
        _user.Commit("first", ("render.yaml", GitHost.Blueprint), (".gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("a.png", pointer));
        var (_, said) = await _user.TryAsync(Token, "push", Url, "main");
        Assert.True(said.Contains("git lfs push --all", StringComparison.Ordinal), said);
        Assert.Contains("a.png", said, StringComparison.Ordinal);
        Assert.Equal(DeployStatus.BuildFailed, (await _git.LastDeployAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, await PutAsync(OidOf("late"), "late"));
        await Host.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{(await _git.LastDeployAsync()).ServiceId}/deploys", HttpStatusCode.Created, "{}");
        await Host.Platform.SettleAsync(Token);
        Assert.Equal(await DigestAsync("late"u8.ToArray()), await _git.BuiltIdAsync("a.png"));
    }

    [Fact]
    public async Task Who_may_fetch_downloads_and_who_may_push_uploads()
    {
        var oid = OidOf("x");
        Assert.Equal(HttpStatusCode.OK, await PutAsync(oid, "x"));
        foreach (var (role, download, upload) in ((Role, HttpStatusCode, HttpStatusCode)[])
            [(Role.Viewer, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (Role.Contributor, HttpStatusCode.OK, HttpStatusCode.Forbidden), (Role.Developer, HttpStatusCode.OK, HttpStatusCode.OK)])
        {
            var member = await Host.MemberAsync(role, Host.Platform.Workspace, Token);
            Assert.Equal(download, (await BatchAsync("download", 1, oid, member)).Status);
            Assert.Equal(upload, (await BatchAsync("upload", 1, oid, member)).Status);
            Assert.Equal(upload, await PutAsync(oid, "x", by: member));
            using var got = await member.GetAsync(new Uri($"/git/shop.git/info/lfs/objects/{oid}", UriKind.Relative), Token);
            Assert.Equal(download, got.StatusCode);
        }
        var foreigner = await Host.MemberAsync(Role.Admin, null, Token);
        Assert.Equal(HttpStatusCode.NotFound, (await BatchAsync("download", 1, oid, foreigner)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await BatchAsync("download", 1, oid, Host.Stranger)).Status);
    }

    [Fact]
    public async Task What_is_not_understood_is_refused_in_the_protocols_shape()
    {
        Assert.Equal(HttpStatusCode.OK, await PutAsync(OidOf("x"), "x"));
        foreach (var (body, status) in ((string, HttpStatusCode)[])[
            ("{", HttpStatusCode.UnprocessableEntity), ("null", HttpStatusCode.UnprocessableEntity),
            ("""{"operation":"steal","objects":[]}""", HttpStatusCode.UnprocessableEntity),
            ("""{"operation":"download","objects":[],"hash_algo":"md5"}""", HttpStatusCode.Conflict),
            ("""{"operation":"download","objects":[],"transfers":["tus"]}""", HttpStatusCode.UnprocessableEntity),
            ($$"""{"operation":"download","objects":[{{string.Join(',', Enumerable.Repeat("""{"oid":"x","size":1}""", 1001))}}]}""", HttpStatusCode.RequestEntityTooLarge)])
        {
            using var answer = await SendAsync(HttpMethod.Post, "objects/batch", Json(body));
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(LfsJson.MediaType, answer.Content.Headers.ContentType?.MediaType);
        }
        var wrong = (await BatchAsync("upload", 1, "../../etc/passwd")).Json.GetProperty("objects")[0];
        Assert.Equal(422, wrong.GetProperty("error").GetProperty("code").GetInt32());
        Assert.Equal(404, (await BatchAsync("download", 1, OidOf("y"))).Json.GetProperty("objects")[0].GetProperty("error").GetProperty("code").GetInt32());
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "locks"), (HttpMethod.Post, "locks"), (HttpMethod.Post, "locks/verify"), (HttpMethod.Post, "locks/1/unlock")])
        {
            using var answer = await SendAsync(method, path, method == HttpMethod.Get ? null : Json("{}"));
            Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        }
    }

    private string Url => _git.Url("shop");

    private string ScratchPath => Path.Combine(_git.PathOf("shop"), "lfs", "tmp");

    private string[] Scratch() => FilesIn(ScratchPath);

    private string[] Objects() => FilesIn(Path.Combine(_git.PathOf("shop"), "lfs", "objects"));

    private static string[] FilesIn(string path) => Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [];

    private static string OidOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>As somebody does who uses Git LFS for the first time.</summary>
    private void Begin()
    {
        _user.Run("init", "--quiet", "--initial-branch=main");
        _user.Run("lfs", "install", "--local");
        _user.Run("lfs", "track", "*.png");
        _user.Run("remote", "add", "portico", Url);
    }

    private Task<(int ExitCode, string Said)> PushAsync() => _user.TryAsync(Token, "push", "portico", "main");

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(method, $"/git/shop.git/info/lfs/{path}") { Content = content };
        return await (by ?? Host.Owner).SendAsync(request, Token);
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> BatchAsync(string operation, long size, string? oid = null, HttpClient? by = null)
    {
        var body = $$"""{"operation":"{{operation}}","transfers":["basic"],"ref":{"name":"refs/heads/main"},"objects":[{"oid":"{{oid ?? OidOf("12345")}}","size":{{size}}}]}""";
        using var answer = await SendAsync(HttpMethod.Post, "objects/batch", Json(body), by);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return (answer.StatusCode, document.RootElement.Clone());
    }

    private async Task<HttpStatusCode> PutAsync(string oid, string text, bool chunked = false, HttpClient? by = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/git/shop.git/info/lfs/objects/{Uri.EscapeDataString(oid)}") { Content = new StringContent(text) };
        request.Headers.TransferEncodingChunked = chunked;
        using var answer = await (by ?? Host.Owner).SendAsync(request, Token);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> VerifyAsync(string oid, long size)
    {
        using var answer = await SendAsync(HttpMethod.Post, "verify", Json($$"""{"oid":"{{oid}}","size":{{size}}}"""));
        return answer.StatusCode;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, LfsJson.MediaType);

    private async Task<string> DigestAsync(byte[] content)
    {
        var file = Path.Combine(_user.Directory_, ".git", "expected");
        await File.WriteAllBytesAsync(file, content, Token);
        return (await GitCommand.RunAsync(new GitRepository(Path.GetDirectoryName(file)!), ["hash-object", "--no-filters", "--", file], Token)).Trim();
    }

    /// <summary>Says that it is longer than it is.</summary>
    private sealed class BrokenContent(Func<bool> hasArrived) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1 << 20]);
            await stream.FlushAsync();
            await Eventually.TrueAsync(hasArrived, "the server has received a part");
            throw new HttpRequestException("It breaks off.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 2 << 20;
            return true;
        }
    }
}
