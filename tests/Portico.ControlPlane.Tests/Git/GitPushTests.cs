using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Access;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>What a push does, says and refuses.</summary>
public sealed class GitPushTests : PushTest
{
    [Fact]
    public async Task A_first_push_makes_what_the_render_yaml_names_and_says_when_it_is_live()
    {
        var commit = First();
        var (code, said) = await PushAsync("main");
        Assert.Equal(0, code);
        Assert.Contains("create service api", said, StringComparison.Ordinal);
        Assert.Contains("==> Waiting for a build slot, place 1 in the queue", said, StringComparison.Ordinal);
        Assert.Contains("[api] ==> Your service is live", said, StringComparison.Ordinal);
        Assert.Contains("[worker] ==> Your service is live", said, StringComparison.Ordinal);
        Assert.Equal(2, said.Split("live").Length - 1);
        Assert.Contains("The deploy took", said, StringComparison.Ordinal);
        Assert.Equal([(commit, DeployStatus.Live)], await DeploysAsync("api"));
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(await db.Pushes.ToListAsync(Token));
        Assert.True((await db.Blueprints.SingleAsync(Token)).AutoSync);
    }

    [Fact]
    public async Task What_a_build_prints_is_shown_in_its_colours_and_cannot_control_the_terminal()
    {
        Host.Platform.World.Printed = "\e]0;a title\a\e[2J\u009b3;1H\e]52;c;bHM=\e\\half done\r\e[31mbroken\a";
        First();
        var (code, said) = await PushAsync("main");
        Assert.Equal(0, code);
        Assert.Contains("[api] \e[31mbroken\e[0m", said, StringComparison.Ordinal);
        Assert.All((string[])["a title", "bHM=", "half done", "\a", "\e]", "\e[2J", "\u009b"], text => Assert.DoesNotContain(text, said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_push_deploys_what_it_concerns_and_the_same_commit_once()
    {
        var first = First();
        await PushAsync("main");
        var second = User.Commit("change", ("api/main", "2"));
        var (_, said) = await PushAsync("main");
        Assert.Contains("Deploying api: source changed", said, StringComparison.Ordinal);
        Assert.Contains("Not deploying worker: no relevant file has changed", said, StringComparison.Ordinal);
        Assert.Equal([(first, DeployStatus.Deactivated), (second, DeployStatus.Live)], await DeploysAsync("api"));
        Assert.Equal([(first, DeployStatus.Live)], await DeploysAsync("worker"));
        await using (var db = await Host.Platform.OpenAsync(Token))
            Assert.Equal(DeployTrigger.NewCommit, (await db.Deploys.OrderBy(row => row.Id).LastAsync(Token)).Trigger);

        await PushAsync("main");
        await PushAsync(":main");
        await PushAsync("main");
        Assert.Equal(2, (await DeploysAsync("api")).Count);
    }

    [Fact]
    public async Task A_push_that_goes_back_is_followed_too()
    {
        var first = First();
        await PushAsync("main");
        User.Commit("change", ("api/main", "2"));
        await PushAsync("main");
        User.Run("reset", "--hard", "--quiet", first);
        Assert.NotEqual(0, (await PushAsync("main")).Code);
        Assert.Equal(0, (await PushAsync("+main")).Code);
        Assert.Equal((first, DeployStatus.Live), (await DeploysAsync("api"))[^1]);
    }

    [Fact]
    public async Task A_branch_that_nobody_follows_deploys_nothing_and_says_so()
    {
        First();
        await PushAsync("main");
        User.Run("checkout", "--quiet", "-b", "side");
        User.Commit("other", ("api/main", "3"));
        var (code, said) = await PushAsync("side");
        Assert.Equal(0, code);
        Assert.Contains("Nothing follows the branch 'side'", said, StringComparison.Ordinal);
        Assert.Single(await DeploysAsync("api"));
    }

    [Fact]
    public async Task A_broken_render_yaml_is_told_with_its_line_and_what_is_live_goes_on()
    {
        var first = First();
        await PushAsync("main");
        User.Commit("broken", ("render.yaml", Blueprint.Replace("name: api", "nmae: api", StringComparison.Ordinal)), ("api/main", "2"));
        var (code, said) = await PushAsync("main");
        Assert.Equal(0, code);
        Assert.Contains("render.yaml:2:", said, StringComparison.Ordinal);
        Assert.Contains("was not applied", said, StringComparison.Ordinal);
        Assert.Equal([(first, DeployStatus.Live)], await DeploysAsync("api"));
    }

    [Fact]
    public async Task A_sync_can_be_paused_and_one_that_failed_is_in_the_history()
    {
        First();
        await PushAsync("main");
        var path = $"/v1/blueprints/{(await Host.Owner.ReadAsync("/v1/blueprints"))[0].GetProperty("blueprint").Text("id")}";
        var paused = await Host.Owner.CallAsync(HttpMethod.Patch, path, System.Net.HttpStatusCode.OK, """{"autoSync":false}""");
        Assert.Equal("paused", paused.Text("status"));
        User.Commit("more", ("render.yaml", $"{Blueprint}\n  - {{ type: web, name: site, runtime: static, staticPublishPath: api }}\n"));
        Assert.Contains("its sync is paused", (await PushAsync("main")).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await Host.Owner.ReadAsync("/v1/services?name=site")).GetArrayLength());

        await Host.Owner.CallAsync(HttpMethod.Patch, path, System.Net.HttpStatusCode.OK, """{"autoSync":true}""");
        User.Commit("broken", ("render.yaml", "services: {"));
        await PushAsync("main");
        Assert.Equal("error", (await Host.Owner.ReadAsync(path)).Text("status"));
        User.Commit("fine", ("render.yaml", $"{Blueprint}\n  - {{ type: web, name: site, runtime: static, staticPublishPath: api }}\n"));
        Assert.Contains("create service site", (await PushAsync("main")).Said, StringComparison.Ordinal);
        var states = (await Host.Owner.ReadAsync($"{path}/syncs")).EnumerateArray().Select(item => item.GetProperty("sync").Text("state"));
        Assert.Equal(["success", "error", "success"], states);
        Assert.Equal("in_sync", (await Host.Owner.ReadAsync(path)).Text("status"));
    }

    [Fact]
    public async Task Services_that_have_the_repository_as_theirs_follow_their_branch()
    {
        First();
        await PushAsync("main");
        var url = Host.Get<HostedRepositories>().UrlOf("shop");
        await SetAsync("worker", settings => settings with { Source = settings.Source with { Repo = url, Branch = "live" } });
        User.Run("checkout", "--quiet", "-b", "live");
        var commit = User.Commit("change", ("worker/main", "2"));
        Assert.Contains("Your service is live", (await PushAsync("live")).Said, StringComparison.Ordinal);
        Assert.Equal((commit, DeployStatus.Live), (await DeploysAsync("worker"))[^1]);

        await SetAsync("worker", settings => settings with { AutoDeploy = Core.Services.AutoDeploy.Off });
        User.Commit("again", ("worker/main", "3"));
        Assert.Contains("Not deploying worker: auto-deploy is off", (await PushAsync("live")).Said, StringComparison.Ordinal);
        Assert.Contains("worker followed the deleted branch 'live'", (await PushAsync(":live")).Said, StringComparison.Ordinal);
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Single(await db.Events.Where(row => row.Type == "branch_deleted").ToListAsync(Token));
        Assert.Equal((commit, DeployStatus.Live), (await DeploysAsync("worker"))[^1]);
    }

    [Fact]
    public async Task A_push_that_is_too_large_is_refused_with_a_reason_and_leaves_nothing()
    {
        First();
        await PushAsync("main");
        File.WriteAllBytes(Path.Combine(User.Directory_, "large"), RandomNumberGenerator.GetBytes(3 << 20));
        var commit = User.Commit("large");
        var (code, said) = await PushAsync("main");
        Assert.NotEqual(0, code);
        Assert.Contains("larger than the limit of 1 MB", said, StringComparison.Ordinal);
        var repository = Host.Get<SourceStore>().PathOf(Repository);
        Assert.NotEqual(0, (await GitCommand.TryAsync(new GitRepository(repository), ["cat-file", "-e", commit], Token)).ExitCode);
        Assert.True(Directory.EnumerateFiles(repository, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) < 1 << 20);
        Assert.Single(await DeploysAsync("api"));
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(await db.Pushes.ToListAsync(Token));
    }

    [Fact]
    public async Task Objects_that_would_harm_a_checkout_are_refused()
    {
        First();
        var blob = User.Run("rev-parse", "HEAD:api/main").Trim();
        File.WriteAllBytes(Path.Combine(User.Directory_, "tree"), [.. "100644 .git\0"u8, .. Convert.FromHexString(blob)]);
        var tree = User.Run("hash-object", "-t", "tree", "-w", "--literally", "tree").Trim();
        var commit = User.Run("commit-tree", "-m", "bad", tree).Trim();
        var (code, said) = await PushAsync($"{commit}:refs/heads/main");
        Assert.NotEqual(0, code);
        Assert.Contains("hasDotgit", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_pushes_within_a_second_the_newer_one_ends_live()
    {
        First();
        await PushAsync("main");
        using var other = new PushingUser(Host.Platform);
        other.Run("clone", "--quiet", Url(Key), ".");
        var second = User.Commit("second", ("api/main", "2"));
        other.Run("pull", "--quiet", User.Directory_, "main");
        var third = other.Commit("third", ("api/main", "3"));
        await Task.WhenAll(PushAsync("main"), other.TryAsync(Token, "push", Url(Key), "+main"));
        await Host.Platform.SettleAsync(Token);
        // Whichever Git took last is the tip, and that is what is live; nothing is deployed twice.
        var tip = await Host.Get<SourceStore>().LocalTipAsync(Repository, "main", Token);
        var deploys = await DeploysAsync("api");
        Assert.Equal((tip, DeployStatus.Live), deploys[^1]);
        Assert.Contains(tip, (string[])[second, third]);
        Assert.Equal(deploys.Count, deploys.Select(item => item.Commit).Distinct().Count());
    }

    [Fact]
    public async Task What_a_server_did_not_live_to_do_after_a_push_the_next_one_does()
    {
        First();
        await PushAsync("main");
        var commit = User.Commit("change", ("api/main", "2"));
        User.Run("push", "--quiet", Host.Get<SourceStore>().PathOf(Repository), "main");
        await using (var db = await Host.Platform.OpenAsync(Token))
        {
            var owner = await db.Users.SingleAsync(user => user.IsOwner, Token);
            db.Pushes.Add(new PushRow
            {
                Id = "psh-1",
                WorkspaceId = Host.Platform.Workspace,
                Repository = Repository,
                Url = Host.Get<HostedRepositories>().UrlOf("shop"),
                Branch = "main",
                Commit = commit,
                UserId = owner.Id,
                At = Host.Platform.Time.GetUtcNow(),
            });
            await db.SaveChangesAsync(Token);
        }
        await Host.Get<Pushes>().ReconcileAsync(Token);
        await Host.Platform.SettleAsync(Token);
        Assert.Equal((commit, DeployStatus.Live), (await DeploysAsync("api"))[^1]);
        await using (var db = await Host.Platform.OpenAsync(Token))
            Assert.Empty(await db.Pushes.ToListAsync(Token));
    }

    [Fact]
    public async Task Only_who_may_change_resources_pushes_and_only_who_may_read_secrets_fetches()
    {
        First();
        await PushAsync("main");
        var workspace = Host.Platform.Workspace;
        var wrong = await TryAsync("fetch", Url("rnd_wrong"));
        Assert.Contains("Authentication failed", wrong.Said, StringComparison.Ordinal);
        var viewer = await TryAsync("fetch", Url(await KeyAsync(Role.Viewer, workspace)));
        Assert.Contains("403", viewer.Said, StringComparison.Ordinal);
        Assert.Contains("Your role does not allow this", viewer.Said, StringComparison.Ordinal);
        var contributor = Url(await KeyAsync(Role.Contributor, workspace));
        Assert.Equal(0, (await TryAsync("fetch", contributor)).Code);
        Assert.Contains("403", (await TryAsync("push", contributor, "main:other")).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await TryAsync("push", Url(await KeyAsync(Role.Developer, workspace)), "main:other")).Code);
        Assert.Contains("not found", (await TryAsync("fetch", Url(await KeyAsync(Role.Admin, null)))).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("-x")]
    [InlineData("a%2fb")]
    [InlineData("a.lock")]
    [InlineData("a%00b")]
    public async Task An_unsafe_name_is_none(string name)
    {
        using var response = await Host.Owner.GetAsync(new Uri($"/git/{name}.git/info/refs?service=git-receive-pack", UriKind.Relative), Token);
        Assert.InRange((int)response.StatusCode, 400, 404);
        Assert.Empty(Host.Get<SourceStore>().Hosted());
    }

    [Fact]
    public async Task A_body_that_is_no_push_is_refused_and_a_compressed_one_is_read()
    {
        First();
        await PushAsync("main");
        using var garbage = new ByteArrayContent("zzzz"u8.ToArray());
        garbage.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-receive-pack-request");
        using var refused = await Host.Owner.PostAsync(new Uri("/git/shop.git/git-receive-pack", UriKind.Relative), garbage, Token);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        using var packed = new MemoryStream();
        await using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
            await gzip.WriteAsync("0014command=ls-refs\n0000"u8.ToArray(), Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/git/shop.git/git-upload-pack") { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("Git-Protocol", "version=2");
        using var answer = await Host.Owner.SendAsync(request, Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.Contains("refs/heads/main", text, StringComparison.Ordinal);
        Assert.DoesNotContain("refs/portico", text, StringComparison.Ordinal);
    }

    private string Repository => SourceStore.HostedOf(Host.Platform.Workspace, "shop");

    private async Task<string> KeyAsync(Role role, string? workspace) =>
        (await Host.MemberAsync(role, workspace, Token)).DefaultRequestHeaders.Authorization!.Parameter!;

    private async Task SetAsync(string service, Func<Core.Services.ServiceSettings, Core.Services.ServiceSettings> change)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var row = await db.Services.SingleAsync(item => item.Name == service, Token);
        row.Settings = change(row.Settings);
        row.Touch(Host.Platform.Time.GetUtcNow());
        await db.SaveChangesAsync(Token);
    }
}
