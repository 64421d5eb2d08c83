using System.Text.RegularExpressions;

namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Ids that the server has shown, by kind; the newest of each.</summary>
internal sealed partial class KnownIds
{
    private const int MostOfAKind = 16;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<string>> _byPrefix = new(StringComparer.Ordinal);

    public void Learn(string text)
    {
        foreach (Match match in Id().Matches(text))
            Add(match.Value);
    }

    /// <summary>One of this kind, or of any when there is none.</summary>
    public string? Pick(Random random, string? prefix)
    {
        lock (_gate)
        {
            if (_byPrefix.Count == 0)
                return null;
            var kind = prefix is not null && _byPrefix.TryGetValue(prefix, out var wanted) ? wanted : _byPrefix.ElementAt(random.Next(_byPrefix.Count)).Value;
            return kind[random.Next(kind.Count)];
        }
    }

    /// <summary>Puts ids of this server where the text has ids of another.</summary>
    public string Translate(string text, Random random) => Id().Replace(text, match => Pick(random, match.Value[..4]) ?? match.Value);

    private void Add(string id)
    {
        lock (_gate)
        {
            if (!_byPrefix.TryGetValue(id[..4], out var kind))
                _byPrefix[id[..4]] = kind = [];
            if (kind.Contains(id))
                return;
            if (kind.Count == MostOfAKind)
                kind.RemoveAt(MostOfAKind / 2);
            kind.Add(id);
        }
    }

    [GeneratedRegex(@"\b[a-z]{3}-[0-9a-v]{20}\b")]
    private static partial Regex Id();
}
