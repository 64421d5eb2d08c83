using System.Net;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Pushes that come at a bad moment, or from a repository with a part of what it should have.</summary>
public sealed class GitMomentsTests : IAsyncLifetime
{
    private GitHost _git = null!;
    private PushingUser _user = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _git = await GitHost.StartAsync();
        _user = _git.NewUser();
    }

    public ValueTask DisposeAsync() => _git.DisposeAsync();

    [Fact]
    public async Task A_push_during_a_rollback_ends_live()
    {
        await PushAsync(Commit("1"));
        var first = (await DeploysAsync())[0].Id;
        await PushAsync(Commit("2"));
        await Host.Owner.CallAsync(HttpMethod.Post, $"/v1/services/{await ServiceAsync()}/rollback", HttpStatusCode.Created, $$"""{"deployId":"{{first}}"}""");
        await Host.Platform.PassAsync(Token);
        await SetAutoDeployAsync();
        var third = Commit("3");
        await PushAsync(third);
        await Host.Platform.SettleAsync(Token);
        var deploys = await DeploysAsync();
        Assert.Equal((third, DeployStatus.Live), (deploys[^1].Commit, deploys[^1].Status));
        Assert.Single(deploys, deploy => deploy.Status == DeployStatus.Live);
        Assert.DoesNotContain(deploys, deploy => deploy.Status.IsActive());
    }

    [Fact]
    public async Task A_deletion_during_the_build_of_a_push_ends_the_push_and_leaves_nothing()
    {
        Host.Platform.World.RunsTakeLong = true;
        Commit("1");
        var pushed = _user.TryAsync(Token, "push", Url, "main");
        await Eventually.TrueAsync(() => Host.Platform.World.Runs.Count > 0, "the build of the push has started");
        await Host.Owner.CallAsync(HttpMethod.Delete, $"/v1/services/{await ServiceAsync()}", HttpStatusCode.NoContent);
        Assert.Equal(0, (await pushed).ExitCode);
        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_push_during_a_deletion_ends_with_a_service_that_is_all_there_or_none()
    {
        await PushAsync(Commit("1"));
        var service = await ServiceAsync();
        Commit("2");
        var deleted = Host.Owner.DeleteAsync(new Uri($"/v1/services/{service}", UriKind.Relative), Token);
        var (code, _) = await _user.TryAsync(Token, "push", Url, "main");
        Assert.Equal((0, HttpStatusCode.NoContent), (code, (await deleted).StatusCode));
        await Host.Platform.SettleAsync(Token);
        await using var db = await Host.Platform.OpenAsync(Token);
        var services = await db.Services.Select(row => row.Id).ToListAsync(Token);
        Assert.DoesNotContain(service, services);
        Assert.All(Host.Platform.World.Instances, instance => Assert.Contains(instance.Owner, services));
        Assert.DoesNotContain(await db.Deploys.ToListAsync(Token), deploy => deploy.Status.IsActive());
    }

    [Fact]
    public async Task A_shallow_clone_pushes_and_what_was_missing_comes_with_who_has_it()
    {
        Commit("1");
        var second = Commit("2");
        Commit("3");
        var machine = _git.NewUser();
        machine.Run("clone", "--quiet", "--depth=1", "--branch=main", $"file://{_user.Directory_}", ".");
        var (code, said) = await machine.TryAsync(Token, "push", Url, "main");
        Assert.Equal(0, code);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Repository, "shallow")));

        // To go on needs nothing; to go back, what is not here.
        await PushAsync(Commit("4"));
        (code, said) = await _user.TryAsync(Token, "push", Url, $"+{second}:refs/heads/main");
        Assert.NotEqual(0, code);
        Assert.Contains("The repository here has only part of the history", said, StringComparison.Ordinal);
        Assert.Equal(0, (await _user.TryAsync(Token, "push", Url, ":main")).ExitCode);
        await PushAsync(second, target: $"{second}:refs/heads/main");
        await PushAsync(_user.Run("rev-parse", "HEAD").Trim());

        Assert.False(File.Exists(Path.Combine(Repository, "shallow")));
        Assert.Equal("4", (await GitCommand.RunAsync(new GitRepository(Repository), ["rev-list", "--count", "main"], Token)).Trim());
    }

    [Fact]
    public async Task A_machine_that_clones_anew_for_each_push_is_told_what_its_next_one_needs()
    {
        Commit("1");
        var (code, said) = await PushFromCloneAsync(depth: 1);
        Assert.Equal(0, code);
        Assert.Contains("fetch-depth: 0", said, StringComparison.Ordinal);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);

        // Its own Git refuses, before anything is sent: it does not have what is here, and so cannot tell what follows it.
        var before = (await DeploysAsync()).Count;
        var second = Commit("2");
        (code, said) = await PushFromCloneAsync(depth: 1);
        Assert.NotEqual(0, code);
        Assert.Contains("fetch first", said, StringComparison.Ordinal);
        Assert.Equal(before, (await DeploysAsync()).Count);

        Assert.Equal(0, (await PushFromCloneAsync(depth: 2)).Code);
        Assert.Equal((second, DeployStatus.Live), await LastAsync());
        var third = Commit("3");
        (code, said) = await PushFromCloneAsync(depth: 1, "--force");
        Assert.Equal(0, code);
        Assert.DoesNotContain("fetch-depth", said, StringComparison.Ordinal);
        Assert.Equal((third, DeployStatus.Live), await LastAsync());
        var fourth = Commit("4");
        Assert.Equal(0, (await PushFromCloneAsync(depth: int.MaxValue)).Code);
        Assert.Equal((fourth, DeployStatus.Live), await LastAsync());
    }

    [Fact]
    public async Task Files_that_are_kept_in_LFS_are_named()
    {
        const string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
        Commit("1");
        _user.Commit("plain", ("fake.bin", pointer));
        Assert.DoesNotContain("LFS", await PushAsync(_user.Run("rev-parse", "HEAD").Trim()), StringComparison.Ordinal);
        var said = await PushAsync(_user.Commit("large", ("assets/.gitattributes", "*.png filter=lfs diff=lfs merge=lfs -text\n"), ("assets/logo.png", pointer)));
        Assert.Contains("stored in Git LFS", said, StringComparison.Ordinal);
        Assert.Contains("assets/logo.png", said, StringComparison.Ordinal);
        Assert.Contains("Your service is live", said, StringComparison.Ordinal);
    }

    private ApiHost Host => _git.Api;

    private string Url => _git.Url("shop");

    private string Repository => _git.PathOf("shop");

    private string Commit(string text) => _user.Commit(text, ("render.yaml", GitHost.Blueprint), ("main", text));

    private async Task<string> PushAsync(string commit, string? target = null)
    {
        var said = await _git.PushAsync(_user, "shop", target ?? "main");
        Assert.Equal(commit, (await GitCommand.RunAsync(new GitRepository(Repository), ["rev-parse", "main"], Token)).Trim());
        return said;
    }

    private async Task<(int Code, string Said)> PushFromCloneAsync(int depth, params string[] options)
    {
        var machine = _git.NewUser();
        machine.Run("clone", "--quiet", $"--depth={depth}", "--branch=main", $"file://{_user.Directory_}", ".");
        return await machine.TryAsync(Token, ["push", .. options, Url, "HEAD:main"]);
    }

    private async Task<(string? Commit, DeployStatus Status)> LastAsync()
    {
        var last = (await DeploysAsync())[^1];
        return (last.Commit, last.Status);
    }

    private async Task<string> ServiceAsync()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return (await db.Services.SingleAsync(Token)).Id;
    }

    /// <summary>A rollback may have turned it off.</summary>
    private async Task SetAutoDeployAsync()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        var row = await db.Services.SingleAsync(Token);
        row.Settings = row.Settings with { AutoDeploy = Core.Services.AutoDeploy.Commit };
        row.Touch(Host.Platform.Time.GetUtcNow());
        await db.SaveChangesAsync(Token);
    }

    private async Task<List<Seen>> DeploysAsync()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        return await db.Deploys.OrderBy(row => row.Id).Select(row => new Seen(row.Id, row.Commit, row.Status)).ToListAsync(Token);
    }

    private async Task NothingIsLeftAsync()
    {
        Host.Platform.World.RunsTakeLong = false;
        await Host.Platform.SettleAsync(Token);
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(await db.Services.ToListAsync(Token));
        Assert.Empty(await db.Deploys.ToListAsync(Token));
        Assert.Empty(Host.Platform.World.Instances);
    }

    private sealed record Seen(string Id, string? Commit, DeployStatus Status);
}
