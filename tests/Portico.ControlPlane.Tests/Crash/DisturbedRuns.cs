using System.Text.RegularExpressions;
using Portico.Testing.Engines;

namespace Portico.ControlPlane.Tests.Crash;

/// <summary>Decides which call goes wrong in which way in each run of a scenario.</summary>
internal static partial class DisturbedRuns
{
    public static readonly bool EveryWay = Environment.GetEnvironmentVariable("PORTICO_CRASH_CALLS") == "all";

    /// <summary>
    /// Each call goes wrong at least once. Calls are alike if the same reconciler makes them for items of the same kind, and
    /// each is the n-th of its kind for its item: what is done for three services is done three times. Together they go wrong
    /// in every way, in turns.
    /// </summary>
    /// <param name="points">The calls of a run in which nothing goes wrong.</param>
    /// <param name="calls">What each of them was for, and who made it.</param>
    public static List<(int Index, string Point, Fault Fault, bool Die)> Of(
        IReadOnlyList<string> points, IReadOnlyList<(string Subject, string? Caller)> calls) =>
        [.. Alike(calls).SelectMany(alike => Share(alike, points)).OrderBy(run => run.Index)];

    [GeneratedRegex(@"\b(?:dep|srv|crn|dpg|red|job|crr|cdm)-[0-9a-z]+")]
    public static partial Regex Id();

    private static List<List<int>> Alike(IReadOnlyList<(string Subject, string? Caller)> calls)
    {
        var made = new Dictionary<(string, string?), int>();
        return [.. calls.Select((call, index) => (Index: index, Kind: Id().Replace(call.Subject, "…"), call.Caller, Number: made[call] = made.GetValueOrDefault(call) + 1))
            .GroupBy(call => (call.Kind, call.Caller, call.Number), call => call.Index).Select(alike => alike.ToList())];
    }

    private static IEnumerable<(int Index, string Point, Fault Fault, bool Die)> Share(List<int> alike, IReadOnlyList<string> points)
    {
        var ways = Ways(points[alike[0]]);
        if (EveryWay)
            return alike.SelectMany(index => ways.Select(way => (index, points[index], way.Fault, way.Die)));
        return Enumerable.Range(0, Math.Max(alike.Count, ways.Length)).Select(turn =>
            (alike[turn % alike.Count], points[alike[turn % alike.Count]], ways[turn % ways.Length].Fault, ways[turn % ways.Length].Die));
    }

    private static (Fault Fault, bool Die)[] Ways(string point) => point == "save"
        ? [(Fault.FailBefore, false), (Fault.FailBefore, true), (Fault.FailAfter, false), (Fault.FailAfter, true)]
        : [(Fault.FailBefore, false), (Fault.FailBefore, true), (Fault.FailAfter, false), (Fault.FailAfter, true), (Fault.Twice, false)];
}
