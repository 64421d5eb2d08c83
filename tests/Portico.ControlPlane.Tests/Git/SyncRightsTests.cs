using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>A Blueprint that is applied by itself has the present rights of who turned that on, and of nobody else.</summary>
public sealed class SyncRightsTests : IAsyncLifetime
{
    private const string Repo = "https://example.org/me/app.git";
    private GitHost _git = null!;
    private PushingUser _user = null!;
    private string _secret = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ApiHost Host => _git.Api;

    private string Workspace => Host.Platform.Workspace;

    public async ValueTask InitializeAsync()
    {
        _git = await GitHost.StartAsync();
        _user = _git.NewUser();
        _secret = Path.Combine(Host.Platform.Paths.Home, "secret.git");
        UploadedSource.CopyTo(_secret);
    }

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task Only_the_owners_sync_reads_a_repository_of_this_machine()
    {
        var (owner, developer) = (await OwnerAsync(), (await Host.JoinAsync(Workspace, "dev@example.org")).Text("userId"));
        var blueprint = await AddAsync(developer);

        var said = await FollowAsync();
        Assert.Contains("only the owner of this machine can build from its directories", said, StringComparison.Ordinal);
        Assert.Equal(0, (await Host.Owner.ReadAsync("/v1/services")).GetArrayLength());

        await SetAsync(blueprint, owner);
        Assert.Contains("create service app", await FollowAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_is_unknown_gone_or_demoted_lends_no_rights()
    {
        var developer = (await Host.JoinAsync(Workspace, "dev@example.org")).Text("userId");
        var blueprint = await AddAsync(null);
        Assert.Contains("Turn auto-sync on again", await FollowAsync(), StringComparison.Ordinal);
        await SetAsync(blueprint, "usr-00000000000000000000");
        Assert.Contains("Turn auto-sync on again", await FollowAsync(), StringComparison.Ordinal);

        await SetAsync(blueprint, developer);
        var member = $"/v1/owners/{Workspace}/members/{developer}";
        await Host.Owner.CallAsync(HttpMethod.Patch, member, HttpStatusCode.OK, """{"role":"WORKSPACE_CONTRIBUTOR"}""");
        Assert.Contains("Turn auto-sync on again", await FollowAsync(), StringComparison.Ordinal);
        await Host.Owner.CallAsync(HttpMethod.Delete, member, HttpStatusCode.NoContent);
        Assert.Contains("Turn auto-sync on again", await FollowAsync(), StringComparison.Ordinal);

        Assert.Equal("error", (await Host.Owner.ReadAsync($"/v1/blueprints/{blueprint}")).Text("status"));
        Assert.Equal(0, (await Host.Owner.ReadAsync("/v1/services")).GetArrayLength());
    }

    [Fact]
    public async Task Who_turns_it_on_or_chooses_another_file_lends_their_own_rights()
    {
        var joined = await Host.JoinAsync(Workspace, "dev@example.org");
        using var developer = Host.Client(joined.Text("key"));
        var blueprint = await AddAsync(await OwnerAsync());

        await developer.CallAsync(HttpMethod.Patch, $"/v1/blueprints/{blueprint}", HttpStatusCode.OK, """{"name":"other"}""");
        Assert.Equal(await OwnerAsync(), await SyncUserAsync(blueprint));
        await developer.CallAsync(HttpMethod.Patch, $"/v1/blueprints/{blueprint}", HttpStatusCode.OK, """{"path":"evil.yaml"}""");
        Assert.Equal(joined.Text("userId"), await SyncUserAsync(blueprint));
        await Host.Owner.CallAsync(HttpMethod.Patch, $"/v1/blueprints/{blueprint}", HttpStatusCode.OK, """{"autoSync":false}""");
        Assert.Null(await SyncUserAsync(blueprint));
        await Host.Owner.CallAsync(HttpMethod.Patch, $"/v1/blueprints/{blueprint}", HttpStatusCode.OK, """{"autoSync":true}""");
        Assert.Equal(await OwnerAsync(), await SyncUserAsync(blueprint));
    }

    [Fact]
    public async Task Who_was_removed_after_a_push_changes_nothing_any_more()
    {
        var joined = await Host.JoinAsync(Workspace, "dev@example.org");
        var callers = Host.Get<Callers>();
        Assert.NotNull(await callers.PresentAsync(joined.Text("userId"), Workspace, Permission.Manage, Token));

        await Host.Owner.CallAsync(HttpMethod.Delete, $"/v1/owners/{Workspace}/members/{joined.Text("userId")}", HttpStatusCode.NoContent);

        Assert.Null(await callers.PresentAsync(joined.Text("userId"), Workspace, Permission.Manage, Token));
        Assert.Null(await callers.PresentAsync(null, Workspace, Permission.SeeWorkspace, Token));
    }

    [Fact]
    public async Task A_caller_without_a_stated_permission_passes_no_check()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var caller = await Callers.OfUserAsync(db, await OwnerAsync(), null, Token);

        Assert.Throws<InvalidOperationException>(() => caller!.RequireIn(Workspace));
    }

    private async Task<string> OwnerAsync()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return await db.Users.Where(user => user.IsOwner).Select(user => user.Id).SingleAsync(Token);
    }

    private async Task<string> AddAsync(string? user)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var row = new BlueprintRow
        {
            Id = Host.Platform.Get<IdSource>().New<BlueprintId>().Value,
            WorkspaceId = Workspace,
            Name = "app",
            Repo = Repo,
            Branch = "main",
            Path = "render.yaml",
            AutoSync = true,
            SyncUserId = user,
            CreatedAt = Host.Platform.Time.GetUtcNow(),
        };
        db.Blueprints.Add(row);
        await db.SaveChangesAsync(Token);
        return row.Id;
    }

    private async Task SetAsync(string blueprint, string user)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        await db.Blueprints.Where(row => row.Id == blueprint).ExecuteUpdateAsync(set => set.SetProperty(row => row.SyncUserId, user), Token);
    }

    private async Task<string?> SyncUserAsync(string blueprint)
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return await db.Blueprints.Where(row => row.Id == blueprint).Select(row => row.SyncUserId).SingleAsync(Token);
    }

    /// <summary>A new commit in the mirror, which nobody of the platform pushed.</summary>
    private async Task<string> FollowAsync()
    {
        var blueprint = $$"""
            services:
              - { type: worker, name: app, runtime: node, buildCommand: make, startCommand: work, repo: "file://{{_secret}}", branch: main }
            """;
        var (store, mirror) = (Host.Get<SourceStore>(), SourceStore.MirrorOf(Repo, Workspace));
        await store.EnsureAsync(mirror, Token);
        var commit = _user.Commit("change", ("render.yaml", blueprint));
        _user.Run("push", "--quiet", "--force", store.PathOf(mirror), "main");
        var outcome = await Host.Get<CommitFollower>().FollowAsync(new BranchTip
        {
            Id = commit,
            Workspace = Workspace,
            Repository = mirror,
            Url = Repo,
            Branch = "main",
            Commit = commit,
            IsMirrored = true,
        }, Token);
        return string.Join('\n', outcome.Lines);
    }
}
