using System.Net;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Api.Render;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Api;

/// <summary>What a deploy did, and what it changed.</summary>
public sealed class DeployDetailsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private string _api = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await ApiHost.StartAsync(Token);
        await ApplyAsync(UploadedSource.First, Scenario.Blueprint);
        await using var db = await _host.Platform.OpenAsync(Token);
        _api = db.Services.Single(row => row.Name == "api").Id;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_deploy_tells_its_steps_and_whether_it_can_be_rolled_back_to()
    {
        await ApplyAsync(UploadedSource.Second, Scenario.Blueprint);
        var (newest, first) = await NewestTwoAsync();
        Assert.Equal(
            ["queue succeeded", "build succeeded", "pre_deploy succeeded", "update succeeded"],
            newest.GetProperty("steps").EnumerateArray().Select(step => $"{step.GetProperty("name").GetString()} {step.GetProperty("state").GetString()}"));
        Assert.True(newest.GetProperty("isCurrent").GetBoolean());
        Assert.False(first.GetProperty("isCurrent").GetBoolean());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("rollbackRefusal").ValueKind);
    }

    [Fact]
    public async Task A_failed_deploy_keeps_its_failure_after_a_later_one()
    {
        _host.Platform.World.Crashing.Add(_api);
        await ApplyAsync(UploadedSource.Second, Scenario.Blueprint);
        _host.Platform.World.Crashing.Remove(_api);
        await _host.Owner.PostAsync($"/v1/services/{_api}/deploys", "{}");
        await _host.Platform.SettleAsync(Token);
        var (newest, failed) = await NewestTwoAsync();
        Assert.Equal("live", newest.GetProperty("status").GetString());
        Assert.Equal("start", failed.GetProperty("failure").GetProperty("step").GetString());
        Assert.Equal("failed", failed.GetProperty("steps").EnumerateArray().Last().GetProperty("state").GetString());
        Assert.Contains("never went live", failed.GetProperty("rollbackRefusal").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_name_commits_fields_and_variables_and_no_value_of_a_variable()
    {
        await ApplyAsync(UploadedSource.Second, Scenario.Blueprint
            .Replace("    startCommand: serve\n", "    startCommand: serve --fast\n    healthCheckPath: /healthz\n", StringComparison.Ordinal)
            .Replace("      - key: SECRET\n", "      - key: STRIPE_KEY\n        value: hunter2\n      - key: SECRET\n", StringComparison.Ordinal));
        var (newest, first) = await NewestTwoAsync();
        var changes = await _host.Owner.GetJsonAsync($"/portico/v1/deploys/{Id(newest)}/changes");
        Assert.Equal(Id(first), changes.GetProperty("since").GetProperty("deployId").GetString());
        Assert.Equal([UploadedSource.Second], changes.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("commit").GetString()));
        Assert.Equal(
            ["startCommand: serve → serve --fast", "healthCheckPath:  → /healthz"],
            changes.GetProperty("settings").EnumerateArray().Select(item => $"{item.GetProperty("field").GetString()}: {item.GetProperty("before").GetString()} → {item.GetProperty("after").GetString()}"));
        Assert.Equal(["STRIPE_KEY added"], changes.GetProperty("variables").EnumerateArray().Select(item => $"{item.GetProperty("name").GetString()} {item.GetProperty("change").GetString()}"));
        Assert.DoesNotContain("hunter2", changes.ToString(), StringComparison.Ordinal);

        // The other way round, as before a rollback.
        var back = await _host.Owner.GetJsonAsync($"/portico/v1/deploys/{Id(first)}/changes?since=current");
        Assert.Equal([UploadedSource.Second], back.GetProperty("commits").EnumerateArray().Select(commit => commit.GetProperty("commit").GetString()));
        Assert.Equal("removed", back.GetProperty("variables")[0].GetProperty("change").GetString());
        Assert.Equal(JsonValueKind.Null, (await _host.Owner.GetJsonAsync($"/portico/v1/deploys/{Id(first)}/changes")).GetProperty("since").ValueKind);
    }

    [Fact]
    public async Task Others_find_no_deploy()
    {
        var newest = await DeployAsync(0);
        using var stranger = await _host.MemberAsync(Role.Admin, null, Token);
        await stranger.RefusedAsync(HttpMethod.Get, $"/portico/v1/deploys/{Id(newest)}/changes", null, HttpStatusCode.NotFound);
        await _host.Owner.RefusedAsync(HttpMethod.Get, $"/portico/v1/deploys/{Id(newest)}/changes?since=dep-unknown", null, HttpStatusCode.NotFound);
    }

    private static string Id(JsonElement deploy) => deploy.GetProperty("id").GetString()!;

    private async Task<(JsonElement Newest, JsonElement Before)> NewestTwoAsync() => (await DeployAsync(0), await DeployAsync(1));

    private async Task<JsonElement> DeployAsync(int index) => await _host.Owner.GetJsonAsync(
        $"/portico/v1/deploys/{Id((await _host.Owner.GetJsonAsync($"/v1/services/{_api}/deploys"))[index].GetProperty("deploy"))}");

    private async Task ApplyAsync(string commit, string blueprint)
    {
        var result = await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = commit }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await _host.Platform.SettleAsync(Token);
    }
}
