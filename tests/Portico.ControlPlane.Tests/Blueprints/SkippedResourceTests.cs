using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Blueprints;
using Portico.ControlPlane.Tests.Crash;

namespace Portico.ControlPlane.Tests.Blueprints;

/// <summary>One resource that cannot run here does not refuse the whole file, and is not forgotten.</summary>
public sealed class SkippedResourceTests : IAsyncLifetime
{
    private const string Shop = """
        services:
          - type: web
            name: web
            runtime: node
            buildCommand: npm ci
            startCommand: node .
            envVars:
              - {key: SEARCH, fromService: {type: pserv, name: search, property: hostport}}
              - {key: LEVEL, value: "1"}
          - type: pserv
            name: search
            runtime: docker
          - type: worker
            name: mailer
            runtime: dotnet
            buildCommand: dotnet publish
            startCommand: dotnet mail.dll
            envVars: [{key: SMTP, sync: false}]
        """;

    private SimPlatform _platform = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await SimPlatform.StartAsync(Token);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task A_plan_marks_each_and_plans_the_rest()
    {
        var result = await ApplyAsync(Shop, dryRun: true);

        Assert.Equal(["search", "mailer"], result.LeftOut.Select(item => item.Name));
        Assert.All(result.LeftOut, item => Assert.False(item.Skipped));
        Assert.Equal(["web"], result.Changes.Select(change => change.Name));
        Assert.Contains("! service search", result.PlanText, StringComparison.Ordinal);
        Assert.Contains("1 to create", result.PlanText, StringComparison.Ordinal);
        Assert.Equal(2, result.Diagnostics.Count(item => item.Severity == "error"));
        Assert.Empty(result.RequiredValues);
    }

    [Theory]
    [InlineData]
    [InlineData("search")]
    public async Task Nothing_changes_until_the_user_agrees_to_every_one(params string[] skip)
    {
        Assert.False((await ApplyAsync(Shop, skip)).Applied);
        Assert.Empty(await ServicesAsync());
    }

    [Fact]
    public async Task The_rest_is_applied_and_the_platform_remembers_what_was_skipped_and_why()
    {
        var result = await ApplyAsync(Shop, ["search", "mailer"]);

        Assert.True(result.Applied, string.Join("\n", result.Diagnostics));
        Assert.Equal(["web"], await ServicesAsync());
        await using (var db = await _platform.OpenAsync(Token))
        {
            Assert.Equal(["LEVEL"], await db.EnvVars.Select(row => row.Key).ToListAsync(Token));
            var skipped = (await db.Blueprints.AsNoTracking().SingleAsync(Token)).Skipped!;
            Assert.Equal(["search", "mailer"], skipped.Select(item => item.Name));
            Assert.Contains("container engine", skipped[0].Reason, StringComparison.Ordinal);
            Assert.Contains("dotnet", skipped[1].Reason, StringComparison.Ordinal);
        }
        Assert.Contains(result.Diagnostics, item => item.Message == "'web' gets no SEARCH, because 'search' is left out");
        // The next sync of the same file does not ask again.
        Assert.True((await ApplyAsync(Shop)).Applied);
    }

    [Fact]
    public async Task What_can_run_later_is_applied_then_and_no_longer_skipped()
    {
        await ApplyAsync(Shop, ["search", "mailer"]);

        var fixedShop = Shop.Replace("runtime: docker", "runtime: node\n    buildCommand: a\n    startCommand: b", StringComparison.Ordinal);
        Assert.True((await ApplyAsync(fixedShop)).Applied);

        Assert.Equal(["search", "web"], await ServicesAsync());
        await using var db = await _platform.OpenAsync(Token);
        Assert.Equal(["mailer"], (await db.Blueprints.AsNoTracking().SingleAsync(Token)).Skipped!.Select(item => item.Name));
        Assert.Equal(["LEVEL", "SEARCH"], await db.EnvVars.OrderBy(row => row.Key).Select(row => row.Key).ToListAsync(Token));
    }

    [Fact]
    public async Task A_push_asks_nobody_and_skips()
    {
        var origin = new BlueprintOrigin("repo-shop.git", "http://localhost/git/shop.git", "main", UploadedSource.First, null);
        var request = new ApplyBlueprint { Blueprint = Shop, Commit = UploadedSource.First };

        var applied = await _platform.Get<BlueprintApplier>().ApplyAsync(_platform.Workspace, request, origin, await _platform.OwnerAsync(Token), Token);

        Assert.True(applied.Result.Applied, string.Join("\n", applied.Result.Diagnostics));
        Assert.Equal(["web"], await ServicesAsync());
        Assert.Equal(2, applied.Result.Diagnostics.Count(item => item is { Severity: "warning", Code: "skipped" } && item.Message.StartsWith("skipped: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_resource_that_could_run_can_be_skipped_too_and_an_unknown_name_is_an_error()
    {
        Assert.True((await ApplyAsync(Shop.Replace("runtime: docker", "runtime: node\n    buildCommand: a\n    startCommand: b", StringComparison.Ordinal), ["search", "mailer"])).Applied);
        Assert.Equal(["web"], await ServicesAsync());
        var refused = await ApplyAsync(Shop, ["search", "mailer", "serach"]);
        Assert.False(refused.Applied);
        Assert.Contains(refused.Diagnostics, item => item.Severity == "error" && item.Message.StartsWith("cannot skip 'serach'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wrong_anywhere_is_never_skipped()
    {
        var result = await ApplyAsync(Shop.Replace("runtime: docker", "runtime: docker\n    region: mars", StringComparison.Ordinal), ["search", "mailer"]);

        Assert.False(result.Applied);
        Assert.Contains(result.Diagnostics, item => item is { Severity: "error", Message: "unknown region 'mars'" });
    }

    [Theory]
    [InlineData("10.0.0.1", "is an IP address")]
    [InlineData("*.co.uk", "a public suffix")]
    [InlineData("web.localhost", "is the address")]
    [InlineData("taken.example.org", "is already a custom domain")]
    [InlineData("twice.example.org", "is a domain of 'web' too")]
    public async Task Domains_of_a_file_obey_the_rules_of_the_API(string domain, string problem)
    {
        Assert.True((await ApplyAsync(Site("first", "taken.example.org"))).Applied);

        var result = await ApplyAsync(Site("web", "fine.example.org, twice.example.org") + Site("other", domain)["services:\n".Length..]);

        Assert.False(result.Applied);
        var error = Assert.Single(result.Diagnostics, item => item.Severity == "error");
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{domain}'", error.Message, StringComparison.Ordinal);
        Assert.True(error.Line > 0);
        Assert.Equal(["first"], await ServicesAsync());
    }

    [Fact]
    public async Task A_domain_that_a_service_has_stays_valid()
    {
        Assert.True((await ApplyAsync(Site("web", "shop.example.org"))).Applied);
        Assert.True((await ApplyAsync(Site("web", "shop.example.org, SHOP2.example.org"))).Applied);
        await using var db = await _platform.OpenAsync(Token);
        Assert.Contains("shop2.example.org", await db.CustomDomains.Select(row => row.Name).ToListAsync(Token));
    }

    private static string Site(string name, string domains) =>
        $"services:\n  - type: web\n    name: {name}\n    runtime: static\n    staticPublishPath: .\n    domains: [\"{domains.Replace(", ", "\", \"", StringComparison.Ordinal)}\"]\n";

    private Task<BlueprintResult> ApplyAsync(string blueprint, string[]? skip = null, bool dryRun = false) => _platform.ApplyAsync(
        new ApplyBlueprint { Blueprint = blueprint, Commit = UploadedSource.First, Skip = skip ?? [], DryRun = dryRun }, Token);

    private async Task<List<string>> ServicesAsync()
    {
        await using var db = await _platform.OpenAsync(Token);
        return await db.Services.OrderBy(row => row.Name).Select(row => row.Name).ToListAsync(Token);
    }
}
