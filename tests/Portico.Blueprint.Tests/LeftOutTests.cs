using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Engines;
using Portico.Blueprint.Model;
using Portico.Blueprint.Planning;
using Portico.Blueprint.References;

namespace Portico.Blueprint.Tests;

/// <summary>A resource that cannot run here does not refuse the rest of its file.</summary>
public sealed class LeftOutTests
{
    private static readonly EngineSupport NoContainers = new() { Name = "process", Images = false, Dockerfiles = false, PostgresMajors = ["16"], Regions = ["process"] };

    private const string Shop = """
        services:
          - {type: web, name: web, runtime: node, buildCommand: a, startCommand: b, envVars: [{key: SEARCH, fromService: {type: pserv, name: search, property: hostport}}, {key: PORTS, value: 1}]}
          - {type: pserv, name: search, runtime: image, image: {url: getmeili/meilisearch}}
          - {type: workflow, name: flow}
        databases:
          - {name: db, postgresMajorVersion: "17"}
          - {name: search}
        """;

    [Fact]
    public void Every_resource_that_cannot_run_is_found_with_its_reason()
    {
        var found = Find(BlueprintParser.Parse(Shop));

        Assert.Equal(
            [(PlannedKind.Service, "search"), (PlannedKind.Service, "flow"), (PlannedKind.Database, "db")],
            found.Select(item => (item.Kind, item.Name)));
        Assert.Contains("an image needs a container engine", found[0].Reason, StringComparison.Ordinal);
        Assert.Contains("workflows are not supported", found[1].Reason, StringComparison.Ordinal);
        Assert.Contains("there is no PostgreSQL 17", found[2].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rest_is_planned_and_what_is_left_out_is_marked()
    {
        var parsed = BlueprintParser.Parse(Shop);
        List<LeftOutResource> leftOut = [.. Find(parsed).Select(item => item with { Skipped = item.Name != "db" })];
        var warnings = new List<Diagnostic>();

        var text = PlanText.Render(Planner.Plan(LeftOut.Without(parsed.File!, leftOut, KnownResources.None, warnings), new BlueprintFile(), leftOut));

        Assert.Contains("+ service web", text, StringComparison.Ordinal);
        Assert.Contains("+ envVars.PORTS: 1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("envVars.SEARCH", text, StringComparison.Ordinal);
        Assert.Contains("! service search\n    skipped: ", text, StringComparison.Ordinal);
        Assert.Contains("! database db\n    'db' cannot run here", text, StringComparison.Ordinal);
        Assert.EndsWith("Plan: 2 to create, 0 to update, 0 unchanged, 2 skipped, 1 impossible.\n", text, StringComparison.Ordinal);
        Assert.Equal("'web' gets no SEARCH, because 'search' is left out", Assert.Single(warnings).Message);
    }

    [Fact]
    public void A_resource_that_exists_already_stays_and_can_be_referred_to()
    {
        var parsed = BlueprintParser.Parse(Shop);
        var existing = BlueprintParser.Parse("services: [{type: pserv, name: search, runtime: node, startCommand: a, buildCommand: b}]").File!;
        List<LeftOutResource> leftOut = [.. Find(parsed).Select(item => item with { Skipped = true })];
        var warnings = new List<Diagnostic>();

        var plan = Planner.Plan(LeftOut.Without(parsed.File!, leftOut, KnownResources.In(existing), warnings), existing, leftOut);

        Assert.Empty(warnings);
        Assert.DoesNotContain(plan.Kept, kept => kept.Name == "search");
        Assert.DoesNotContain(plan.Services, service => service.Name == "search");
    }

    [Fact]
    public void A_region_that_does_not_exist_refuses_the_file_and_Render_s_own_mean_this_machine()
    {
        IReadOnlyList<Diagnostic> Check(string region) => EngineCheck.Check(
            BlueprintParser.Parse($"databases: [{{name: db, region: {region}}}]\n").File!, NoContainers);

        foreach (var region in (string[])["oregon", "ohio", "virginia", "frankfurt", "singapore", "process"])
            Assert.Empty(Check(region));
        var found = Assert.Single(Check("mars"));
        Assert.Equal((Severity.Error, Codes.InvalidValue, "unknown region 'mars'"), (found.Severity, found.Code, found.Message));
        Assert.Contains("frankfurt", found.Suggestion, StringComparison.Ordinal);
        Assert.Equal("did you mean 'frankfurt'?", Assert.Single(Check("frankfrut")).Suggestion);
        Assert.False(LeftOut.IsAboutThisMachine(found));
    }

    [Theory]
    [InlineData("/srv/shop", "file:///srv/shop")]
    [InlineData("./api", "file:///home/me/shop/api")]
    [InlineData("../lib/", "file:///home/me/lib")]
    [InlineData(".", "file:///home/me/shop")]
    public void A_path_of_a_local_file_is_a_repository_of_this_machine(string path, string url)
    {
        var text = $"services: [{{type: web, name: web, runtime: node, buildCommand: a, startCommand: b, repo: {path}}}]\n";

        var local = BlueprintParser.Parse(text, directory: "/home/me/shop");
        Assert.Empty(local.Diagnostics);
        Assert.Equal(url, Assert.Single(local.File!.AllServices()).Resource.Repo);

        var elsewhere = Assert.Single(BlueprintParser.Parse(text).Diagnostics);
        Assert.Equal((Severity.Error, "services[0].repo"), (elsewhere.Severity, elsewhere.Path));
    }

    private static IReadOnlyList<LeftOutResource> Find(ParseResult parsed) =>
        LeftOut.CannotRun(parsed.File!, [.. parsed.Diagnostics, .. EngineCheck.Check(parsed.File!, NoContainers)]);
}
