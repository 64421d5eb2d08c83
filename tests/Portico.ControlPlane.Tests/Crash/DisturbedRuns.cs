using System.Text.RegularExpressions;
using Portico.Testing;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Decides which call goes wrong in which way in each run of a scenario.</summary>
internal static partial class DisturbedRuns
{
    /// <summary>
    /// Each call goes wrong at least once. Calls are alike if the same reconciler makes them for items of the same kind, and
    /// each is the n-th of its kind for its item: what is done for three services is done three times. Together they go wrong in
    /// two ways at least, one of them a death. Which ones these are changes from group to group.
    /// </summary>
    /// <param name="points">The calls of a run in which nothing goes wrong.</param>
    /// <param name="calls">What each of them was for, and who made it.</param>
    public static List<(int Index, string Point, Fault Fault, bool Die)> Of(
        IReadOnlyList<string> points, IReadOnlyList<(string Subject, string? Caller)> calls) =>
        [.. Alike(calls).SelectMany((alike, number) => Share(alike, number, points)).OrderBy(run => run.Index)];

    [GeneratedRegex(@"\b(?:dep|srv|crn|dpg|red|job|crr|cdm)-[0-9a-z]+")]
    public static partial Regex Id();

    private static List<List<int>> Alike(IReadOnlyList<(string Subject, string? Caller)> calls)
    {
        var made = new Dictionary<(string, string?), int>();
        return [.. calls.Select((call, index) => (Index: index, Kind: Id().Replace(call.Subject, "…"), call.Caller, Number: made[call] = made.GetValueOrDefault(call) + 1))
            .GroupBy(call => (call.Kind, call.Caller, call.Number), call => call.Index).Select(alike => alike.ToList())];
    }

    private static IEnumerable<(int Index, string Point, Fault Fault, bool Die)> Share(List<int> alike, int number, IReadOnlyList<string> points)
    {
        Fault[] deaths = [Fault.FailBefore, Fault.FailAfter];
        Fault[] failures = points[alike[0]] == "save" ? deaths : [.. deaths, Fault.Twice];
        if (TestExtent.IsFull)
            return alike.SelectMany(index => deaths.Select(fault => (index, points[index], fault, true)).Concat(failures.Select(fault => (index, points[index], fault, false))));
        return Enumerable.Range(0, Math.Max(alike.Count, 2)).Select(turn =>
        {
            var (index, die) = (alike[turn % alike.Count], turn % 2 == 0);
            var ways = die ? deaths : failures;
            return (index, points[index], ways[(number + (turn / 2)) % ways.Length], die);
        });
    }
}
