using System.Diagnostics;
using System.Globalization;
using Portico.ControlPlane.Api.Requests;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;
using Portico.RenderApi.Tests.Spec;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Whatever is sent, the answer is a right one or a refusal in one shape; never a 5xx, never a stack trace.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Workers = 4, PerServer = 5_100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Seed => Setting("PORTICO_FUZZ_SEED") ?? 1;

    private static int Count => Setting("PORTICO_FUZZ_COUNT") ?? (Environment.GetEnvironmentVariable("CI") is "1" or "true" ? 51_000 : 2_000);

    [Fact]
    public async Task Hostile_requests_are_refused_and_break_nothing()
    {
        var spec = RenderSpec.Require();
        var runs = await Task.WhenAll(ScenarioRuns.Names.Select(ScenarioRuns.GetAsync));
        var samples = runs.SelectMany(run => run.Report.Succeeded).ToLookup(call => call.Operation.Id, StringComparer.Ordinal);
        var tally = new FuzzTally();
        var watch = Stopwatch.StartNew();
        for (var first = 0; first < Count; first += PerServer)
            await RunAsync(spec, samples, first, Math.Min(PerServer, Count - first), tally);
        output.WriteLine($"{tally}, {watch.Elapsed.TotalSeconds:F0} s.");
        Assert.True(tally.Problems.Count == 0, $"{tally}\n\n{string.Join("\n\n", tally.Problems)}");
    }

    /// <summary>A server of its own for some thousand requests: what they create does not slow down the later ones.</summary>
    private static async Task RunAsync(RenderSpec spec, ILookup<string, Call> samples, int first, int count, FuzzTally tally)
    {
        await using var server = await RenderServer.StartAsync(Token);
        var implemented = server.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>()?.Id).OfType<string>().Distinct().Select(id => spec[id]).ToList();
        var others = server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RenderOperation>() is null).SelectMany(Routes.Of).Where(Routes.IsApi).Except(Routes.Unsafe).ToList();
        var ids = new KnownIds();
        await SeedWorld.CreateAsync(server, ids, Token);
        var worker = new FuzzWorker(server, new RequestGenerator(spec, implemented, others, samples, ids), new AnswerCheck(spec), ids, tally);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(index => Task.Run(async () =>
        {
            for (var number = first + index; number < first + count; number += Workers)
            {
                // Among the requests are those by which an owner takes their own role away.
                if (number % 50 == 0)
                    await Cast.ReinstateOwnerAsync(server.Platform, Token);
                await worker.SendAsync(HashCode(number), Token);
            }
        }, Token)));
    }

    /// <summary>Every request has its own seed, so that one that fails can be made again alone.</summary>
    private static int HashCode(int number) => unchecked((Seed * 1_000_003) + number);

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
