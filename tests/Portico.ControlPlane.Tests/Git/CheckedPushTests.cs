using System.Net;
using Portico.ControlPlane.Git;
using Portico.ControlPlane.Tests.Api;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Git;

/// <summary>Pushes to a repository whose origin checks its commits.</summary>
public sealed class CheckedPushTests : PushTest
{
    private const string Origin = "gitlab.example";

    private const string Checked = """
        services:
          - { type: worker, name: worker, runtime: node, buildCommand: make, startCommand: work, autoDeployTrigger: checksPass }
        """;

    [Fact]
    public async Task A_commit_is_deployed_when_its_checks_have_passed_and_a_newer_one_takes_its_place()
    {
        await Host.Owner.CallAsync(HttpMethod.Put, "/portico/v1/repositories/shop", HttpStatusCode.OK, $$"""{"origin":"https://me:token@{{Origin}}/me/shop.git"}""");
        // What is new is deployed at once.
        Answer("[]");
        var first = User.Commit("first", ("render.yaml", Checked), ("main", "1"));
        Assert.DoesNotContain("no effect", (await PushAsync("main")).Said, StringComparison.Ordinal);
        Assert.Equal([(first, DeployStatus.Live)], await DeploysAsync("worker"));

        var second = User.Commit("second", ("main", "2"));
        var (code, said) = await PushAsync("main");
        Assert.Equal(0, code);
        Assert.True(said.Contains("worker is deployed when the checks of the commit have passed: no checks have been reported", StringComparison.Ordinal), said);
        Answer("""[{"status":"running"}]""");
        await LookAsync();
        Assert.Single(await DeploysAsync("worker"));
        Answer("""[{"status":"success"}]""");
        await LookAsync();
        Assert.Equal([(first, DeployStatus.Deactivated), (second, DeployStatus.Live)], await DeploysAsync("worker"));
        await NothingWaitsAsync();

        Answer("""[{"status":"running"}]""");
        User.Commit("third", ("main", "3"));
        await PushAsync("main");
        var fourth = User.Commit("fourth", ("main", "4"));
        await PushAsync("main");
        Answer("""[{"status":"success"}]""");
        await LookAsync();
        Assert.Equal([(second, DeployStatus.Deactivated), (fourth, DeployStatus.Live)], (await DeploysAsync("worker")).Skip(1));
        await NothingWaitsAsync();

        Answer("""[{"status":"failed"}]""");
        User.Commit("fifth", ("main", "5"));
        Assert.Contains("Not deploying worker: its checks failed", (await PushAsync("main")).Said, StringComparison.Ordinal);
        await NothingWaitsAsync();
    }

    [Fact]
    public async Task Where_no_checks_can_be_read_the_push_says_so()
    {
        User.Commit("first", ("render.yaml", Checked), ("main", "1"));
        Assert.Contains("no effect yet: the autoDeployTrigger checksPass of 'worker'", (await PushAsync("main")).Said, StringComparison.Ordinal);
    }

    private void Answer(string checks) => Host.Platform.Receivers.Answer(Origin, HttpStatusCode.OK, checks);

    /// <summary>Lets so much time pass that the checks are read again, and what follows happen.</summary>
    private async Task LookAsync()
    {
        Host.Platform.Time.Advance(TimeSpan.FromMinutes(5));
        await Host.Platform.Get<Pushes>().ReconcileAsync(Token);
        await Host.Platform.SettleAsync(Token);
    }

    private async Task NothingWaitsAsync()
    {
        await using var db = await Host.Platform.OpenAsync(Token);
        Assert.Empty(db.Pushes);
        Assert.Null(await Host.Platform.Get<Pushes>().ReconcileAsync(Token));
    }
}
