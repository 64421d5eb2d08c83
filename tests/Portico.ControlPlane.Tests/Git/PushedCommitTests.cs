using Microsoft.EntityFrameworkCore;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Which of the commits that a real Git pushes are deployed, and which file of theirs is the Blueprint.</summary>
public sealed class PushedCommitTests : PushTest
{
    [Theory]
    [InlineData("[skip render] words")]
    [InlineData("words\n\nmore [Deploy Skip]")]
    public async Task A_message_that_says_skip_deploys_nothing(string message)
    {
        First();
        await PushAsync("main");
        User.Commit(message, ("api/main", "2"));
        Assert.Contains("Nothing was deployed", (await PushAsync("main")).Said, StringComparison.Ordinal);
        Assert.Single(await DeploysAsync("api"));
    }

    [Fact]
    public async Task A_commit_without_changes_deploys_what_takes_every_commit()
    {
        User.Commit("first", ("render.yaml", $"{Blueprint}\n  - {{ type: worker, name: whole, runtime: node, buildCommand: make, startCommand: work }}\n"), ("api/main", "1"), ("worker/main", "1"));
        await PushAsync("main");
        var empty = User.Commit("retry");
        var (_, said) = await PushAsync("main");

        Assert.Contains("Deploying whole: new commit", said, StringComparison.Ordinal);
        Assert.Equal((empty, DeployStatus.Live), (await DeploysAsync("whole"))[^1]);
        await using (var db = await Host.Platform.OpenAsync(Token))
            Assert.Equal(DeployTrigger.NewCommit, (await db.Deploys.OrderBy(row => row.Id).LastAsync(Token)).Trigger);
        Assert.Single(await DeploysAsync("api"));
        User.Commit("[skip render] nothing");
        await PushAsync("main");
        Assert.Equal(2, (await DeploysAsync("whole")).Count);
    }

    [Fact]
    public async Task After_a_failed_build_every_commit_is_deployed()
    {
        First();
        await PushAsync("main");
        await using (var db = await Host.Platform.OpenAsync(Token))
            Host.Platform.World.FailingRuns.Add(await db.Services.Where(row => row.Name == "api").Select(row => row.Id).SingleAsync(Token));
        User.Commit("change", ("api/main", "2"));
        Assert.Equal(DeployStatus.BuildFailed, (await PushAndReadAsync("api"))[^1].Status);
        Host.Platform.World.FailingRuns.Clear();

        var retry = User.Commit("retry");
        Assert.Equal((retry, DeployStatus.Live), (await PushAndReadAsync("api"))[^1]);
    }

    [Theory]
    [InlineData("deploy/render.yaml", "deploy/app.yaml")]
    [InlineData("./deploy/../deploy//app.yaml", "deploy/app.yaml")]
    [InlineData("linked/app.yaml", "deploy/app.yaml")]
    public async Task A_render_yaml_that_is_a_link_inside_the_repository_is_followed(string target, string file)
    {
        User.Commit("first", (file, Blueprint), ("api/main", "1"), ("worker/main", "1"));
        File.CreateSymbolicLink(Path.Combine(User.Directory_, "deploy", "render.yaml"), "app.yaml");
        File.CreateSymbolicLink(Path.Combine(User.Directory_, "linked"), "deploy");
        File.CreateSymbolicLink(Path.Combine(User.Directory_, "render.yaml"), target);
        User.Commit("link");

        Assert.Contains("create service api", (await PushAsync("main")).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../render.yaml")]
    [InlineData("render.yaml")]
    [InlineData("missing.yaml")]
    [InlineData("api")]
    public async Task A_render_yaml_that_is_a_link_to_no_file_of_the_repository_is_none(string target)
    {
        User.Commit("first", ("api/main", "1"));
        File.CreateSymbolicLink(Path.Combine(User.Directory_, "render.yaml"), target);
        User.Commit("link");

        Assert.Contains("Nothing follows the branch 'main'", (await PushAsync("main")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_render_yaml_that_leads_out_of_the_repository_is_none()
    {
        User.Commit("first", ("api/main", "1"));
        File.CreateSymbolicLink(Path.Combine(User.Directory_, "render.yaml"), "/etc/passwd");
        User.Commit("link");
        var (_, said) = await PushAsync("main");
        Assert.Contains("Nothing follows the branch 'main'", said, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<(string? Commit, DeployStatus Status)>> PushAndReadAsync(string service)
    {
        await PushAsync("main");
        await Host.Platform.SettleAsync(Token);
        return await DeploysAsync(service);
    }
}
