using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Services;

namespace Portico.ControlPlane.Tests.Blueprints;

/// <summary>An export can be given to another platform: it holds no secret, and nothing of it leads back to this one.</summary>
public sealed class BlueprintExportTests : IAsyncLifetime
{
    private const string Blueprint = """
        services:
          - { type: web, name: api, runtime: node, buildCommand: make, startCommand: serve, envVars: [{ fromGroup: shared }, { key: MODE, value: fast }, { key: PORT, value: "8000" }] }
          - { type: pserv, name: inner, runtime: node, buildCommand: make, startCommand: serve }
          - { type: keyvalue, name: cache, ipAllowList: [] }
        databases: [{ name: db }]
        envVarGroups: [{ name: shared, envVars: [{ key: LEVEL, value: "1" }] }]
        """;

    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Another_platform_that_applies_it_uses_its_own_data_stores()
    {
        await ApplyAsync(_platform, Blueprint);
        var own = await SetLiteralsAsync();
        var export = await ExportAsync(_platform);

        Assert.All(own.Secrets, secret => Assert.DoesNotContain(secret, export, StringComparison.Ordinal));
        Assert.False(BlueprintParser.Parse(export).HasErrors, export);
        await using var other = await SimPlatform.StartAsync(Token);
        await ApplyAsync(other, export, new() { ["STRIPE_KEY"] = "theirs", ["JDBC_URL"] = "theirs", ["MIRROR"] = "theirs", ["SHARED_URL"] = "theirs", ["OUTSIDE"] = "theirs" });
        var there = await WorldAsync(other);
        var environment = await EnvironmentAsync(other, "api");
        var (db, cache) = (there.Databases["db"].Properties, there.KeyValues["cache"].Properties);
        Assert.Equal(
            (db["connectionString"], db["host"], db["port"], db["user"], db["password"], db["database"]),
            (environment["DATABASE_URL"], environment["PGHOST"], environment["PGPORT"], environment["PGUSER"], environment["PGPASSWORD"], environment["PGDATABASE"]));
        Assert.Equal((cache["connectionString"], there.Services["api"].ExternalUrl), (environment["REDIS_URL"], environment["OWN_URL"]));
        Assert.Equal($"127.0.0.1:{there.Services["inner"].InternalPort}", environment["INNER"]);
        Assert.Equal(("fast", "1", "8000", "theirs"), (environment["MODE"], environment["LEVEL"], environment["PORT"], environment["STRIPE_KEY"]));
        Assert.All(environment.Values, value => Assert.DoesNotContain(own.Secrets, secret => value.Contains(secret, StringComparison.Ordinal)));
        Assert.Equal("theirs", environment["SHARED_URL"]);
    }

    [Fact]
    public async Task The_platform_that_wrote_it_keeps_every_value_when_it_is_applied_there()
    {
        await ApplyAsync(_platform, Blueprint);
        await SetLiteralsAsync();
        var before = await ResolvedAsync(_platform, "api");

        await ApplyAsync(_platform, await ExportAsync(_platform));

        Assert.Equal(before, await ResolvedAsync(_platform, "api"));
        var again = await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = await ExportAsync(_platform), Commit = UploadedSource.First, DryRun = true }, Token);
        Assert.All(again.Changes, change => Assert.Equal("unchanged", change.Action));
    }

    [Fact]
    public async Task Repositories_of_this_platform_and_tokens_are_left_out()
    {
        await ApplyAsync(_platform, Blueprint);
        await using (var db = await _platform.OpenAsync(Token))
        {
            await SetRepoAsync(db, "api", _platform.Get<HostedRepositories>().UrlOf("shop"));
            await SetRepoAsync(db, "inner", "https://me:token-1@git.example.org/a/b");
            await db.SaveChangesAsync(Token);
        }
        var export = await ExportAsync(_platform);

        Assert.DoesNotContain("shop", export, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", export, StringComparison.Ordinal);
        Assert.Contains("repo: https://git.example.org/a/b", export, StringComparison.Ordinal);
        var plan = await _platform.ApplyAsync(new ApplyBlueprint { Blueprint = export, Commit = UploadedSource.First, DryRun = true }, Token);
        Assert.All(plan.Changes, change => Assert.Equal("unchanged", change.Action));
    }

    private static async Task SetRepoAsync(PorticoDb db, string name, string url)
    {
        var service = await db.Services.SingleAsync(row => row.Name == name, Token);
        service.Settings = service.Settings with { Source = service.Settings.Source with { Repo = url, Branch = "main" } };
        service.Version++;
    }

    /// <summary>Variables with the addresses and passwords of this platform, as somebody copied them from connection details.</summary>
    private async Task<(IReadOnlyList<string> Secrets, string Service)> SetLiteralsAsync()
    {
        var here = await WorldAsync(_platform);
        var (store, cache) = (here.Databases["db"].Properties, here.KeyValues["cache"].Properties);
        await using var db = await _platform.OpenAsync(Token);
        var service = (await db.Services.SingleAsync(row => row.Name == "api", Token)).Id;
        var group = (await db.EnvGroups.SingleAsync(Token)).Id;
        foreach (var (owner, key, value) in ((string, string, string)[])
        [
            (service, "DATABASE_URL", store["connectionString"]), (service, "PGHOST", store["host"]), (service, "PGPORT", store["port"]),
            (service, "PGUSER", store["user"]), (service, "PGPASSWORD", store["password"]), (service, "PGDATABASE", store["database"]),
            (service, "JDBC_URL", $"jdbc:postgresql://127.0.0.1:{store["port"]}/x?user=u&password={store["password"]}"),
            (service, "MIRROR", $"redis://LocalHost:{cache["port"]}/2"), (service, "REDIS_URL", cache["connectionString"]),
            (service, "OUTSIDE", $"postgresql://{store["user"]}:{store["password"]}@example.org:11000/x"),
            (service, "OWN_URL", here.Services["api"].ExternalUrl!), (service, "INNER", $"127.0.0.1:{here.Services["inner"].InternalPort}"),
            (service, "STRIPE_KEY", "sk_live_1234"), (group, "SHARED_URL", store["connectionString"]),
        ])
            db.EnvVars.Add(new EnvVarRow { OwnerId = owner, Key = key, Source = new EnvVarSource.Literal(value) });
        await db.SaveChangesAsync(Token);
        return ([store["password"], cache["connectionString"], "sk_live_1234"], service);
    }

    private static async Task ApplyAsync(SimPlatform platform, string blueprint, Dictionary<string, string>? values = null)
    {
        var applied = await platform.ApplyAsync(new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First, Values = values ?? [] }, Token);
        Assert.True(applied.Applied, string.Join("\n", applied.Diagnostics.Select(item => item.Message).Concat(applied.RequiredValues.Select(item => item.Key))));
        await platform.SettleAsync(Token);
    }

    private static async Task<string> ExportAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return await platform.Get<BlueprintExport>().WriteAsync(db, platform.Workspace, Token);
    }

    private static async Task<Core.Variables.VariableWorld> WorldAsync(SimPlatform platform)
    {
        await using var db = await platform.OpenAsync(Token);
        return await platform.Get<VariableWorldReader>().ReadAsync(db, platform.Workspace, Token);
    }

    private static async Task<IReadOnlyDictionary<string, string>> ResolvedAsync(SimPlatform platform, string service)
    {
        var resolved = new Core.Variables.VariableResolver(await WorldAsync(platform)).Resolve(service, new Dictionary<string, string>());
        Assert.Empty(resolved.Problems);
        return resolved.Values;
    }

    private static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(SimPlatform platform, string service)
    {
        await using var db = await platform.OpenAsync(Token);
        var id = (await db.Services.SingleAsync(row => row.Name == service, Token)).Id;
        return (await db.Deploys.Where(row => row.ServiceId == id).OrderByDescending(row => row.Id).FirstAsync(Token)).Environment!;
    }
}
