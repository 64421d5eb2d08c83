using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>What Render answered its Terraform provider, held against what this server answers to the same requests.</summary>
public sealed class RecordingTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Every_recorded_request_is_answered_as_render_answered_it()
    {
        var outcomes = await ReplayAllAsync(TestContext.Current.CancellationToken);
        output.WriteLine(Summary(outcomes));
        var different = outcomes.Where(outcome => outcome.Kind == OutcomeKind.Different).ToList();
        Assert.True(different.Count == 0, $"{Summary(outcomes)}\n{string.Join("\n", different)}");
        // What nothing needs any more would hide the next difference.
        var used = outcomes.SelectMany(outcome => outcome.Notes).ToHashSet();
        Assert.Empty(OnPurpose.All.Select(entry => entry.Name).Concat(NotYet.All.Select(part => part.Name)).Except(used));
    }

    private static async Task<IReadOnlyCollection<Outcome>> ReplayAllAsync(CancellationToken cancellationToken)
    {
        var flows = Recording.RequireFlows();
        var outcomes = new ConcurrentBag<Outcome>();
        await Parallel.ForEachAsync(flows, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken }, async (flow, token) =>
        {
            foreach (var outcome in await Replay.RunAsync(flow, token))
                outcomes.Add(outcome);
        });
        return outcomes;
    }

    private static string Summary(IReadOnlyCollection<Outcome> outcomes)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{outcomes.Count} recorded pairs: {Count(OutcomeKind.Equal)} equal, {Count(OutcomeKind.OnPurpose)} different on purpose, {Count(OutcomeKind.NotYet)} not yet, {Count(OutcomeKind.Different)} different.");
        foreach (var kind in (OutcomeKind[])[OutcomeKind.OnPurpose, OutcomeKind.NotYet])
            foreach (var (note, count) in outcomes.Where(outcome => outcome.Kind == kind).SelectMany(outcome => outcome.Notes).CountBy(note => note).OrderByDescending(pair => pair.Value))
                text.AppendLine(CultureInfo.InvariantCulture, $"  {kind}, {count} times: {note}");
        return text.ToString();

        int Count(OutcomeKind kind) => outcomes.Count(outcome => outcome.Kind == kind);
    }
}
