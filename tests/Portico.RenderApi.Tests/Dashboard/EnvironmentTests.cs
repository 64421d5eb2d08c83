using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.State;
using Portico.Core.Access;
using Portico.Core.Deploys;
using Portico.Core.Services;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>All variables of a service at once: where they come from, and when a change is deployed.</summary>
public sealed class EnvironmentTests : IAsyncLifetime
{
    private RenderServer _server = null!;
    private World _world = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await RenderServer.StartAsync(Token);
        _world = await World.CreateAsync(_server.Platform, Token);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Every_variable_says_where_it_comes_from()
    {
        var environment = await ReadAsync(_world.Api);
        Assert.Equal(["DATABASE_URL", "GREETING"], environment.Variables.Select(item => item.Key));
        var (reference, value) = (environment.Variables[0], environment.Variables[1]);
        Assert.Equal(("reference", "db.connectionString"), (reference.Origin, reference.Reference));
        Assert.StartsWith("postgres", reference.Value, StringComparison.Ordinal);
        Assert.Equal(new OwnVariable("GREETING", "hello", "value", null), value);
        var group = Assert.Single(environment.Groups);
        Assert.Equal(("shared", _world.EnvGroup), (group.Name, group.Id));
        Assert.Equal(["LEVEL", "TOKEN"], group.Variables.Select(item => item.Key));
        Assert.True(environment.IsDeployed);
    }

    [Fact]
    public async Task Secret_files_are_named_without_their_contents()
    {
        const string Content = "-----BEGIN KEY-----";
        foreach (var path in (string[])[$"services/{_world.Api}/secret-files/own.pem", $"env-groups/{_world.EnvGroup}/secret-files/group.pem"])
        {
            using var put = await _server.SendAsync(
                new HttpRequestMessage(HttpMethod.Put, $"/v1/{path}") { Content = JsonContent.Create(new { content = Content }) }, _server.Cast.Owner, Token);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Token));
        }
        using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, PathOf(_world.Api)), _server.Cast.Owner, Token);
        Assert.DoesNotContain(Content, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var environment = await ReadAsync(_world.Api);
        Assert.Equal(["own.pem"], environment.SecretFiles);
        Assert.Equal(["group.pem"], Assert.Single(environment.Groups).SecretFiles);
    }

    [Fact]
    public async Task Saving_alone_deploys_nothing_and_says_so()
    {
        var before = await ReadAsync(_world.Api);
        var deploys = await CountDeploysAsync(_world.Api);
        var changed = await ChangeAsync(_world.Api, before.Version, "save", [new() { Key = "GREETING", Value = "goodbye" }, new() { Key = "SEED", GenerateValue = true }]);
        Assert.Null(changed.DeployId);
        Assert.False(changed.Environment.IsDeployed);
        Assert.NotEqual(before.Version, changed.Environment.Version);
        await _server.Platform.SettleAsync(Token);
        Assert.Equal(deploys, await CountDeploysAsync(_world.Api));

        var after = (await ReadAsync(_world.Api)).Variables;
        Assert.Equal("goodbye", after.Single(item => item.Key == "GREETING").Value);
        Assert.Equal("generated", after.Single(item => item.Key == "SEED").Origin);
        // What was not named is still a reference.
        await using var db = await _server.Platform.OpenAsync(Token);
        Assert.IsType<EnvVarSource.FromDatabase>((await db.EnvVars.SingleAsync(row => row.OwnerId == _world.Api && row.Key == "DATABASE_URL", Token)).Source);
    }

    [Fact]
    public async Task A_deploy_takes_the_latest_build_and_has_the_change()
    {
        var built = await NewestAsync(_world.Api);
        var changed = await ChangeAsync(_world.Api, (await ReadAsync(_world.Api)).Version, "deploy", [new() { Key = "GREETING", Value = "goodbye" }]);
        Assert.True(changed.Environment.IsDeployed);
        var deploy = await NewestAsync(_world.Api);
        Assert.Equal((changed.DeployId, DeployBuild.Never, built.ArtifactId), (deploy.Id, deploy.Build, deploy.ArtifactId));
        Assert.Equal(DeployTrigger.ServiceUpdated, deploy.Trigger);
        Assert.NotNull(deploy.RequestedBy);
        await _server.Platform.SettleAsync(Token);
        deploy = await NewestAsync(_world.Api);
        Assert.Equal((changed.DeployId, DeployStatus.Live), (deploy.Id, deploy.Status));
        Assert.Equal("goodbye", deploy.Environment!["GREETING"]);
    }

    [Theory]
    [InlineData("api", "rebuild")]
    [InlineData("site", "deploy")]
    public async Task What_needs_a_build_is_built(string service, string apply)
    {
        var id = _world.Services[service];
        var changed = await ChangeAsync(id, (await ReadAsync(id)).Version, apply, [new() { Key = "COLOR", Value = "green" }]);
        var deploy = await NewestAsync(id);
        Assert.Equal((changed.DeployId, DeployBuild.WhenChanged), (deploy.Id, deploy.Build));
        Assert.Null(deploy.ArtifactId);
    }

    [Fact]
    public async Task The_second_of_two_changes_to_the_same_version_is_refused()
    {
        var version = (await ReadAsync(_world.Api)).Version;
        await ChangeAsync(_world.Api, version, "save", [new() { Key = "GREETING", Value = "first" }]);
        using var second = await SendAsync(_world.Api, new ChangeEnvironment { Version = version, Apply = "save", Set = [new() { Key = "GREETING", Value = "second" }] });
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("first", (await ReadAsync(_world.Api)).Variables.Single(item => item.Key == "GREETING").Value);
    }

    [Fact]
    public async Task A_refused_change_changes_nothing_and_names_the_field()
    {
        var before = await ReadAsync(_world.Api);
        foreach (var (change, says) in (IEnumerable<(ChangeEnvironment, string)>)
        [
            (new() { Version = before.Version, Apply = "now" }, "apply: "),
            (new() { Version = before.Version, Apply = "save", Set = [new() { Key = "A", Value = "1" }, new() { Key = "A", Value = "2" }] }, "set[1].key: "),
            (new() { Version = before.Version, Apply = "save", Set = [new() { Key = "NOT VALID", Value = "1" }] }, "set[0].key: "),
            (new() { Version = before.Version, Apply = "save", Set = [new() { Key = "A", Value = "1" }], Remove = ["A"] }, "remove: "),
            (new() { Version = before.Version, Apply = "deploy", Set = [new() { Key = "A", Value = "1" }], Remove = ["NOT_THERE"] }, "NOT_THERE"),
        ])
        {
            using var response = await SendAsync(_world.Api, change);
            Assert.InRange((int)response.StatusCode, 400, 404);
            Assert.Contains(says, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
        var after = await ReadAsync(_world.Api);
        Assert.Equal(before.Version, after.Version);
        Assert.True(after.IsDeployed);
    }

    [Fact]
    public async Task A_suspended_service_is_saved_but_not_deployed()
    {
        await using (var db = await _server.Platform.OpenAsync(Token))
            await db.Services.Where(row => row.Id == _world.Api).ExecuteUpdateAsync(set => set.SetProperty(row => row.Suspended, true), Token);
        var version = (await ReadAsync(_world.Api)).Version;
        using var refused = await SendAsync(_world.Api, new ChangeEnvironment { Version = version, Apply = "deploy", Set = [new() { Key = "A", Value = "1" }] });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Null((await ChangeAsync(_world.Api, version, "save", [new() { Key = "A", Value = "1" }])).DeployId);
    }

    [Fact]
    public async Task Only_admins_change_it_in_a_protected_environment()
    {
        await using (var db = await _server.Platform.OpenAsync(Token))
            await db.Environments.ExecuteUpdateAsync(set => set.SetProperty(row => row.IsProtected, true), Token);
        var change = new ChangeEnvironment { Version = (await ReadAsync(_world.Api)).Version, Apply = "save", Set = [new() { Key = "A", Value = "1" }] };
        using var developer = await SendAsync(_world.Api, change, _server.Cast.Members[Role.Developer]);
        Assert.Equal(HttpStatusCode.Forbidden, developer.StatusCode);
        using var admin = await SendAsync(_world.Api, change, _server.Cast.Members[Role.Admin]);
        Assert.Equal(HttpStatusCode.OK, admin.StatusCode);
    }

    [Fact]
    public async Task Forms_offer_what_the_API_accepts()
    {
        using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/portico/v1/choices"), _server.Cast.Members[Role.Viewer], Token);
        var choices = (await response.Content.ReadFromJsonAsync(PlatformJson.Default.ResourceChoices, Token))!;
        Assert.Contains(choices.Runtimes, runtime => runtime.Name == "node");
        Assert.DoesNotContain(choices.Runtimes, runtime => runtime.Name is "postgres" or "keyvalue" or "static");
        foreach (var plans in (IReadOnlyList<PlanChoice>[])[choices.ServicePlans, choices.PostgresPlans, choices.KeyValuePlans])
        {
            Assert.Single(plans, plan => plan.IsDefault);
            Assert.All(plans, plan => Assert.True(plan.MemoryBytes > 0));
        }
        foreach (var plan in choices.PostgresPlans)
            await CreateAsync("postgres", new { name = $"p-{plan.Name.Replace('_', '-')}", ownerId = _world.Workspace, plan = plan.Name, version = choices.PostgresVersions[0] });
        foreach (var plan in choices.KeyValuePlans)
            await CreateAsync("key-value", new { name = $"k-{plan.Name.Replace('_', '-')}", ownerId = _world.Workspace, plan = plan.Name });
    }

    private async Task CreateAsync(string list, object body)
    {
        using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/v1/{list}") { Content = JsonContent.Create(body) }, _server.Cast.Owner, Token);
        Assert.True(response.StatusCode == HttpStatusCode.Created, await response.Content.ReadAsStringAsync(Token));
    }

    private async Task<DeployRow> NewestAsync(string service)
    {
        await using var db = await _server.Platform.OpenAsync(Token);
        return await db.Deploys.AsNoTracking().Where(row => row.ServiceId == service).OrderByDescending(row => row.Id).FirstAsync(Token);
    }

    private async Task<int> CountDeploysAsync(string service)
    {
        await using var db = await _server.Platform.OpenAsync(Token);
        return await db.Deploys.CountAsync(row => row.ServiceId == service, Token);
    }

    private async Task<ServiceEnvironment> ReadAsync(string service)
    {
        using var response = await _server.SendAsync(new HttpRequestMessage(HttpMethod.Get, PathOf(service)), _server.Cast.Owner, Token);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync(PlatformJson.Default.ServiceEnvironment, Token))!;
    }

    private async Task<ChangedEnvironment> ChangeAsync(string service, string version, string apply, IReadOnlyList<EnvVarInput> set)
    {
        using var response = await SendAsync(service, new ChangeEnvironment { Version = version, Apply = apply, Set = set });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Token));
        return (await response.Content.ReadFromJsonAsync(PlatformJson.Default.ChangedEnvironment, Token))!;
    }

    private Task<HttpResponseMessage> SendAsync(string service, ChangeEnvironment change, Someone? by = null) => _server.SendAsync(
        new HttpRequestMessage(HttpMethod.Patch, PathOf(service)) { Content = JsonContent.Create(change, PlatformJson.Default.ChangeEnvironment) }, by ?? _server.Cast.Owner, Token);

    private static string PathOf(string service) => $"/portico/v1/services/{service}/environment";
}
