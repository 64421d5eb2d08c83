using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Tests;

public sealed class CorpusTests
{
    [Fact]
    public async Task Every_file_is_accepted_or_refused_as_verified()
    {
        var results = CorpusFiles.Read().Select(file => (file.Name, Result: BlueprintParser.Parse(file.Text))).ToList();
        var verdicts = results.Select(item => $"{item.Name}: {Verdict(item.Result)}").ToList();
        var counts = results.GroupBy(item => Word(item.Result)).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}");
        var text = string.Join('\n', [string.Join(", ", counts), "", .. verdicts]) + "\n";

        await Verified.Matches(Path.Combine(SourceRoot.Cases, "corpus-verdicts.txt"), text);
    }

    [Fact]
    public void Writing_and_reading_back_changes_nothing()
    {
        foreach (var (name, text) in CorpusFiles.Read())
        {
            if (BlueprintParser.Parse(text) is not { HasErrors: false, File: { } file })
                continue;
            var written = BlueprintWriter.Write(file);
            var again = BlueprintParser.Parse(written);

            Assert.False(again.HasErrors, $"{name}:\n{written}\n{string.Join('\n', again.Diagnostics)}");
            Assert.True(file == again.File, $"{name}:\n{written}");
            var plan = Planning.Planner.Plan(again.File!, file);
            Assert.True(plan.TotalActions == 0, $"{name}:\n{Planning.PlanText.Render(plan)}");
        }
    }

    private static string Word(ParseResult result) =>
        result.HasErrors ? "refused" : result.Diagnostics.Count > 0 ? "accepted with warnings" : "accepted";

    private static string Verdict(ParseResult result)
    {
        var first = result.Diagnostics.FirstOrDefault(item => item.Severity == Severity.Error);
        var warnings = result.Diagnostics.Count(item => item.Severity == Severity.Warning);
        return first is null
            ? warnings > 0 ? $"accepted with {warnings} warnings" : "accepted"
            : $"refused: {first}";
    }
}
