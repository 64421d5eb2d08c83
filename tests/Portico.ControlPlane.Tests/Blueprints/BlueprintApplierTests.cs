using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Deploys;
using Portico.Core.Engines;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Blueprints;

public sealed class BlueprintApplierTests : IAsyncLifetime
{
    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Applying_twice_deploys_once()
    {
        Assert.Equal(3, (await ApplyAsync(Scenario.Blueprint)).Deploys.Count);
        var again = await ApplyAsync(Scenario.Blueprint);
        Assert.Empty(again.Deploys);
        Assert.All(again.Changes, change => Assert.Equal("unchanged", change.Action));
    }

    [Fact]
    public async Task Only_the_service_whose_source_changed_is_deployed()
    {
        await ApplyAsync(Scenario.Blueprint);
        Assert.Equal([new PlannedDeploy("api", "source changed")], (await ApplyAsync(Scenario.Blueprint, UploadedSource.Second)).Deploys);
    }

    [Fact]
    public async Task The_export_of_what_exists_plans_no_change()
    {
        await ApplyAsync(Scenario.Blueprint + """

          - type: pserv
            name: Inner Service
            runtime: node
            startCommand: node .
            plan: pro plus
            healthCheckPath: /ok
            maxShutdownDelaySeconds: 60
            buildFilter: { paths: [src/**], ignoredPaths: [docs] }
            envVars:
              - fromGroup: shared
          - type: web
            name: site
            runtime: static
            rootDir: web
            staticPublishPath: ./
            routes: [{ type: rewrite, source: /*, destination: /index.html }]
            headers: [{ path: /*, name: X-Frame-Options, value: DENY }]
        envVarGroups:
          - name: shared
            envVars:
              - key: TOKEN
                generateValue: true
              - key: LEVEL
                value: "07"
        """);
        await using var db = await _platform.OpenAsync(Token);
        var export = BlueprintWriter.Write(await ExistingBlueprint.ReadAsync(db, _platform.Workspace, Token));
        var plan = await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = export, Commit = UploadedSource.First, DryRun = true }, Token);
        Assert.All(plan.Changes, change => Assert.Equal("unchanged", change.Action));
        Assert.DoesNotContain(plan.Diagnostics, item => item.Severity == "error");
        Assert.Equal(8, plan.Changes.Count);
    }

    [Fact]
    public async Task What_must_be_given_is_asked_for_once_and_then_kept()
    {
        const string asks = """
            services:
              - type: worker
                name: w
                runtime: node
                startCommand: node .
                envVars:
                  - key: SECRET
                    sync: false
            """;
        var refused = await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = asks, Commit = UploadedSource.First }, Token);
        Assert.False(refused.Applied);
        Assert.Equal([new RequiredValue("w", "SECRET")], refused.RequiredValues);
        await using (var db = await _platform.OpenAsync(Token))
            Assert.Empty(await db.Services.ToListAsync(Token));
        Assert.True((await ApplyAsync(asks, values: new() { ["w.SECRET"] = "given" })).Applied);
        Assert.True((await ApplyAsync(asks)).Applied);
        await using (var db = await _platform.OpenAsync(Token))
            Assert.Equal(new EnvVarSource.Prompted("given"), (await db.EnvVars.SingleAsync(Token)).Source);
    }

    [Fact]
    public async Task A_generated_value_is_made_once()
    {
        await ApplyAsync(Scenario.Blueprint);
        var before = await SecretAsync();
        await ApplyAsync(Scenario.Blueprint.Replace("numInstances: 2", "numInstances: 3", StringComparison.Ordinal));
        Assert.Equal(before, await SecretAsync());
        Assert.Equal(256 / 8, Convert.FromBase64String(before!).Length);
    }

    [Fact]
    public async Task Secrets_are_not_in_the_database_as_plain_text()
    {
        await ApplyAsync(Scenario.Blueprint);
        var secret = await SecretAsync();
        await using var db = await _platform.OpenAsync(Token);
        var password = (await db.DataStores.FirstAsync(Token)).Identity.Password;
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", Token);
        var stored = System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(_platform.Paths.Database));
        Assert.DoesNotContain(secret!, stored, StringComparison.Ordinal);
        Assert.DoesNotContain(password, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_build_says_why_and_what_was_live_stays()
    {
        await ApplyAsync(Scenario.Blueprint);
        await using var db = await _platform.OpenAsync(Token);
        var api = await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token);
        _platform.World.FailingRuns.Add(api.Id);
        await ApplyAsync(Scenario.Blueprint, UploadedSource.Second);
        var newest = await NewestAsync(db, api.Id);
        Assert.Equal(DeployStatus.BuildFailed, newest.Status);
        Assert.Equal("build", newest.Failure!.Step);
        Assert.Equal(["last words"], newest.Failure.LastLines);
        Assert.Equal(api.RoutedDeployId, (await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token)).RoutedDeployId);
        Assert.Equal(2, _platform.Edge.Served!.Services.Single(route => route.Name == "api").Instances.Count);
    }

    [Fact]
    public async Task A_restart_of_an_earlier_deploy_is_not_done_again_when_the_server_comes_back()
    {
        await ApplyAsync(Scenario.Blueprint);
        await using var db = await _platform.OpenAsync(Token);
        (await db.Services.SingleAsync(row => row.Name == "api", Token)).RestartCount++;
        await db.SaveChangesAsync(Token);
        await _platform.SettleAsync(Token);
        await ApplyAsync(Scenario.Blueprint, UploadedSource.Second);
        var before = _platform.World.Instances.Select(instance => instance.ProcessId).ToList();
        await _platform.RestartAsync(Token);
        await _platform.SettleAsync(Token);
        Assert.Equal(before, _platform.World.Instances.Select(instance => instance.ProcessId));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_service_with_a_disk_is_back_when_its_successor_fails(bool serverDies)
    {
        const string withDisk = """
            services:
              - type: pserv
                name: store
                runtime: node
                startCommand: node .
                disk: { name: data, mountPath: /data }
            """;
        await ApplyAsync(withDisk);
        await using var db = await _platform.OpenAsync(Token);
        var store = await db.Services.AsNoTracking().SingleAsync(Token);
        _platform.World.Crashing.Add(store.Id);
        await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = withDisk, Commit = UploadedSource.Second }, Token);
        for (var pass = 0; pass < 4; pass++)
            await _platform.PassAsync(Token);
        if (serverDies)
            await _platform.RestartAsync(Token);
        for (var pass = 0; pass < 100 && (await NewestAsync(db, store.Id)).Status.IsActive(); pass++)
            await _platform.PassAsync(Token);
        _platform.World.Crashing.Clear();
        await _platform.SettleAsync(Token);
        Assert.Equal(DeployStatus.UpdateFailed, (await NewestAsync(db, store.Id)).Status);
        Assert.Equal([store.RoutedDeployId], _platform.World.Revisions.Keys.Select(id => id.Value));
        Assert.All(_platform.World.Instances, instance => Assert.Equal(InstanceStatus.Ready, instance.Status));
    }

    [Fact]
    public async Task A_database_that_fails_fails_what_needs_it_and_applying_again_tries_again()
    {
        await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        await using var db = await _platform.OpenAsync(Token);
        var store = await db.DataStores.AsNoTracking().SingleAsync(row => row.Name == "db", Token);
        _platform.World.FailingRuns.Add(store.Id);
        await _platform.SettleAsync(Token);
        Assert.Equal("initialization", (await db.DataStores.AsNoTracking().SingleAsync(row => row.Name == "db", Token)).Failure!.Step);
        var api = await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token);
        Assert.Equal("data store", (await NewestAsync(db, api.Id)).Failure!.Step);
        _platform.World.FailingRuns.Clear();
        await ApplyAsync(Scenario.Blueprint);
        Assert.Equal(DeployStatus.Live, (await NewestAsync(db, api.Id)).Status);
    }

    [Fact]
    public async Task An_app_that_keeps_crashing_fails_its_deploy_and_is_taken_away()
    {
        await ApplyAsync(Scenario.Blueprint);
        await using var db = await _platform.OpenAsync(Token);
        var api = await db.Services.AsNoTracking().SingleAsync(row => row.Name == "api", Token);
        _platform.World.Crashing.Add(api.Id);
        await ApplyAsync(Scenario.Blueprint, UploadedSource.Second);
        var newest = await NewestAsync(db, api.Id);
        Assert.Equal(DeployStatus.UpdateFailed, newest.Status);
        Assert.Contains("exited with code 1", newest.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal([api.RoutedDeployId], _platform.World.Revisions.Keys.Select(id => id.Value).Where(id => id.StartsWith("dep-", StringComparison.Ordinal))
            .Where(id => db.Deploys.Any(row => row.Id == id && row.ServiceId == api.Id)));
    }

    [Fact]
    public async Task A_change_of_a_group_deploys_the_services_that_take_it()
    {
        const string withGroup = """
            envVarGroups:
              - name: shared
                envVars: [{ key: LEVEL, value: one }]
            services:
              - type: worker
                name: takes
                runtime: node
                startCommand: node .
                envVars: [{ fromGroup: shared }]
              - type: worker
                name: other
                runtime: node
                startCommand: node .
            """;
        await ApplyAsync(withGroup);
        const string groupAlone = """
            envVarGroups:
              - name: shared
                envVars: [{ key: LEVEL, value: two }]
            """;
        Assert.Equal([new PlannedDeploy("takes", "configuration changed")], (await ApplyAsync(groupAlone)).Deploys);
    }

    [Fact]
    public async Task Errors_change_nothing()
    {
        var result = await _platform.ApplyAsync(
            new ApplyBlueprint { Blueprint = Scenario.Blueprint.Replace("name: db", "name: dbx", StringComparison.Ordinal) + "\n  - what", Commit = UploadedSource.First }, Token);
        Assert.False(result.Applied);
        Assert.Contains(result.Diagnostics, item => item.Severity == "error");
        await using var db = await _platform.OpenAsync(Token);
        Assert.Empty(await db.DataStores.ToListAsync(Token));
    }

    private static Task<DeployRow> NewestAsync(PorticoDb db, string service) =>
        db.Deploys.AsNoTracking().Where(row => row.ServiceId == service).OrderByDescending(row => row.Id).FirstAsync(Token);

    private async Task<BlueprintResult> ApplyAsync(string blueprint, string? commit = null, Dictionary<string, string>? values = null)
    {
        var result = await _platform.ApplyAsync(
            new ApplyBlueprint { Blueprint = blueprint, Commit = commit ?? UploadedSource.First, Values = values ?? [] }, Token);
        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        await _platform.SettleAsync(Token);
        return result;
    }

    private async Task<string?> SecretAsync()
    {
        await using var db = await _platform.OpenAsync(Token);
        return (await db.EnvVars.SingleAsync(row => row.Key == "SECRET", Token)).Source.OwnValue;
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes, Token);
        return bytes;
    }
}
