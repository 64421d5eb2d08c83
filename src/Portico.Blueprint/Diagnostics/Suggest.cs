namespace Portico.Blueprint.Diagnostics;

/// <summary>Finds the known word that a user probably meant.</summary>
public static class Suggest
{
    // Both limit the work that a hostile file can cause.
    private const int LongestWord = 40;
    private const int MostCandidates = 200;

    /// <summary>Returns for example <c>did you mean 'envVars'?</c>, or null when no word is near.</summary>
    public static string? DidYouMean(string given, IEnumerable<string> candidates) =>
        Nearest(given, candidates) is { } word ? $"did you mean '{word}'?" : null;

    /// <summary>Returns the nearest word, or null when no word is near.</summary>
    public static string? Nearest(string given, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(given);
        ArgumentNullException.ThrowIfNull(candidates);
        if (given.Length is 0 or > LongestWord)
            return null;
        string? best = null;
        var bestDistance = Math.Max(1, given.Length / 3) + 1;
        foreach (var candidate in candidates.Take(MostCandidates))
        {
            if (given.Length > 2 && candidate.StartsWith(given, StringComparison.OrdinalIgnoreCase))
                return candidate;
            if (Math.Abs(candidate.Length - given.Length) >= bestDistance)
                continue;
            var distance = Distance(given, candidate);
            if (distance < bestDistance)
                (best, bestDistance) = (candidate, distance);
        }
        return best ?? LongestBeginning(given, candidates);
    }

    /// <summary>Whether one word contains the other: <c>nodejs</c> and <c>node</c>, <c>web_service</c> and <c>web</c>.</summary>
    private static string? LongestBeginning(string given, IEnumerable<string> candidates) =>
        candidates.Take(MostCandidates)
            .Where(candidate => candidate.Length > 2 && given.StartsWith(candidate, StringComparison.OrdinalIgnoreCase))
            .MaxBy(candidate => candidate.Length);

    /// <summary>Counts the edits (insert, delete, replace, swap neighbours) from one word to the other, ignoring case.</summary>
    private static int Distance(string from, string to)
    {
        var before = new int[to.Length + 1];
        var previous = new int[to.Length + 1];
        var current = new int[to.Length + 1];
        for (var j = 0; j <= to.Length; j++)
            previous[j] = j;
        for (var i = 1; i <= from.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var cost = Same(from[i - 1], to[j - 1]) ? 0 : 1;
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                    current[j] = Math.Min(current[j], before[j - 2] + 1);
            }
            (before, previous, current) = (previous, current, before);
        }
        return previous[to.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
