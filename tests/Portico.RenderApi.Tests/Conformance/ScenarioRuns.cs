using System.Collections.Concurrent;
using Portico.RenderApi.Tests.Server;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Conformance;

/// <param name="Driven">Route patterns that answered with success, as <c>GET /v1/services</c>.</param>
/// <param name="Failure">What ended the scenario early.</param>
internal sealed record ScenarioRun(ConformanceReport Report, IReadOnlySet<string> Driven, Exception? Failure);

/// <summary>Runs each scenario once per process, whoever asks first.</summary>
internal static class ScenarioRuns
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<ScenarioRun>>> Runs = new(StringComparer.Ordinal);

    private static readonly SortedDictionary<string, Type> Scenarios = new(
        typeof(IScenario).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IScenario))).ToDictionary(type => type.Name),
        StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => Scenarios.Keys;

    public static Task<ScenarioRun> GetAsync(string name) => Runs.GetOrAdd(name, _ => new(() => RunAsync(Scenarios[name]))).Value;

    private static async Task<ScenarioRun> RunAsync(Type type)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var spec = RenderSpec.Require();
        await using var server = await RenderServer.StartAsync(cancellationToken);
        var client = new RenderClient(server, spec, cancellationToken);
        Exception? failure = null;
        try
        {
            await ((IScenario)Activator.CreateInstance(type)!).RunAsync(client);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failure = exception;
        }
        return new ScenarioRun(client.Report, server.Answered.SelectMany(Routes.Of).ToHashSet(StringComparer.Ordinal), failure);
    }
}
