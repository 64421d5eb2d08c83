namespace Portico.Cli.Hosting;

/// <summary>Finds the known word that is nearest to a misspelled one, for "Did you mean".</summary>
internal static class Nearest
{
    public static string? To(string given, IEnumerable<string> known)
    {
        var allowed = Math.Max(1, given.Length / 3);
        return known
            .Select(word => (Word: word, Edits: Distance(given, word)))
            .Where(item => item.Edits <= allowed || (given.Length > 2 && item.Word.StartsWith(given, StringComparison.Ordinal)))
            .OrderBy(item => item.Edits)
            .Select(item => item.Word)
            .FirstOrDefault();
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
