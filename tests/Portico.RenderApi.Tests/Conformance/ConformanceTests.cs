using Microsoft.AspNetCore.Authorization;
using Portico.RenderApi.Tests.Conformance.Scenarios;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Conformance;

/// <summary>Every implemented operation, over real HTTP, held against Render's OpenAPI document.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    public static TheoryData<string> Scenarios => [.. ScenarioRuns.Names];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Answers_are_as_render_declares_them(string scenario)
    {
        var run = await ScenarioRuns.GetAsync(scenario);
        output.WriteLine($"{run.Report.Operations.Count} operations, {run.Report.Responses} responses checked.");
        var problems = string.Join("\n", run.Report.Problems.Distinct());
        Assert.True(run.Failure is null && problems.Length == 0, $"{run.Report.Problems.Distinct().Count()} problems.\n{problems}\n{run.Failure}");
    }

    [Fact]
    public async Task Every_route_is_driven_by_a_scenario()
    {
        var runs = await Task.WhenAll(ScenarioRuns.Names.Select(ScenarioRuns.GetAsync));
        await using var server = await RenderServer.StartAsync(TestContext.Current.CancellationToken);
        // What strangers may send is no operation of the document, and has tests of its own.
        var missing = server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null).SelectMany(Routes.Of).Where(Routes.IsRender)
            .Where(route => ServicesScenario.CanServeSsh || !route.EndsWith("/ephemeral-shell", StringComparison.Ordinal))
            .Except(runs.SelectMany(run => run.Driven)).Order(StringComparer.Ordinal).ToList();
        var operations = runs.SelectMany(run => run.Report.Operations).Distinct().Count();
        output.WriteLine($"{operations} operations, {runs.Sum(run => run.Report.Responses)} responses checked.");
        Assert.True(missing.Count == 0, $"No scenario in Conformance/Scenarios gets a success from:\n{string.Join("\n", missing)}");
    }
}
