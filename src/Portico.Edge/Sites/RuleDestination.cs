namespace Portico.Edge.Sites;

/// <summary>The parts of a rule's destination, as text: nothing in it is decoded, encoded or resolved.</summary>
internal static class RuleDestination
{
    /// <summary>Finds the end of the host of <c>https://host/path</c>; 0 for a path.</summary>
    public static int HostEndOf(string destination)
    {
        var start = destination.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
            : destination.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : 0;
        if (start == 0)
            return 0;
        var end = destination.AsSpan(start).IndexOfAny('/', '?', '#');
        return end < 0 ? destination.Length : start + end;
    }

    /// <summary>Adds the query of the request after the destination's own, and before its fragment.</summary>
    /// <param name="query">Starts with a question mark, or is empty.</param>
    public static string WithQuery(string destination, string? query)
    {
        var fragment = destination.IndexOf('#', StringComparison.Ordinal);
        var (head, tail) = fragment < 0 ? (destination, "") : (destination[..fragment], destination[fragment..]);
        return head + QueryAfter(head, query) + tail;
    }

    /// <summary>Gets path and query of a destination with a host, without a fragment, and with the query of the request.</summary>
    public static string PathAndQueryOf(string destination, string? query)
    {
        var rest = destination[HostEndOf(destination)..];
        var fragment = rest.IndexOf('#', StringComparison.Ordinal);
        rest = WithQuery(fragment < 0 ? rest : rest[..fragment], query);
        return rest is ['/', ..] ? rest : "/" + rest;
    }

    private static string QueryAfter(string destination, string? query)
    {
        if (string.IsNullOrEmpty(query))
            return "";
        var clean = string.Concat(query.Select(character => character is <= ' ' or >= (char)127 ? Uri.HexEscape(character) : character.ToString()));
        if (!destination.Contains('?', StringComparison.Ordinal))
            return clean;
        return clean.Length > 1 ? $"{(destination[^1] is '?' or '&' ? "" : "&")}{clean[1..]}" : "";
    }
}
