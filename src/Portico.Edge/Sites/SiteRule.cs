using System.Text;
using System.Text.RegularExpressions;
using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>Matches a redirect or rewrite. In its source, <c>*</c> is any text and <c>:name</c> is one segment (https://render.com/docs/redirects-rewrites).</summary>
internal sealed class SiteRule
{
    private readonly string _destination;
    private readonly Regex _source;

    /// <summary>Where the host of an absolute destination ends; 0 for a path.</summary>
    private readonly int _hostEnd;
    private readonly int _queryStart;

    public SiteRule(SiteRedirect redirect)
    {
        Kind = redirect.Kind;
        _destination = string.Concat(redirect.Destination.EnumerateRunes().Select(
            rune => rune.Value is > ' ' and < 127 ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
        _hostEnd = RuleDestination.HostEndOf(_destination);
        _queryStart = _destination.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : int.MaxValue;
        _source = new Regex(Translate(redirect.Source), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    public SiteRedirectKind Kind { get; }

    /// <summary>
    /// Gets the destination for this path, with the parts that <c>*</c> and names of the source matched, byte for byte. Returns null when
    /// the path does not match, or would lead to another host than the rule's author had in mind.
    /// </summary>
    public string? Match(RequestPath path)
    {
        var match = _source.Match(path.Text);
        return match.Success && Fill(match, path) is { } filled ? AsOwn(filled) : null;
    }

    private static string Translate(string source)
    {
        var pattern = new StringBuilder("^");
        var stars = 0;
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '*')
                pattern.Append(stars++ == 0 ? "(?<star>.*)" : ".*");
            else if (i > 0 && source[i - 1] == '/' && NameAt(source, i) is { } name)
            {
                pattern.Append("(?<p_").Append(name).Append(">[^/]+)");
                i += name.Length;
            }
            else
                pattern.Append(Regex.Escape(source[i].ToString()));
        }
        return pattern.Append(@"\z").ToString();
    }

    private string? Fill(Match match, RequestPath path)
    {
        if (!_destination.AsSpan().ContainsAny('*', ':'))
            return _destination;
        var filled = new StringBuilder();
        for (var i = 0; i < _destination.Length; i++)
        {
            if (GroupAt(match, i, out var length) is not { } group)
            {
                filled.Append(_destination[i]);
                continue;
            }
            var value = path.Raw(group.Index, group.Length);
            if (i < _hostEnd && !IsHostPart(value, isLast: i + length == _hostEnd))
                return null;
            Append(filled, value, isInQuery: i > _queryStart);
            i += length - 1;
        }
        return filled.ToString();
    }

    private Group? GroupAt(Match match, int at, out int length)
    {
        length = 1;
        if (_destination[at] == '*')
            return match.Groups["star"];
        if (NameAt(_destination, at) is not { } name || match.Groups["p_" + name] is not { Success: true } group)
            return null;
        length = name.Length + 1;
        return group;
    }

    /// <summary>Whether the text may stand in a host. Otherwise a visitor could choose the host that he, or another visitor, is sent to.</summary>
    private static bool IsHostPart(string value, bool isLast) =>
        isLast ? value is "" or ['/', ..] : value.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    /// <summary>
    /// Appends text of a request. Only what could end a header or a path is encoded, and a backslash, which browsers take for a slash.
    /// In a query, also what separates its parts.
    /// </summary>
    private static void Append(StringBuilder filled, string value, bool isInQuery)
    {
        foreach (var character in value)
        {
            if (character is <= ' ' or >= (char)127 or '\\' or '#' or '?' || (isInQuery && character is '&' or '+'))
                filled.Append(Uri.HexEscape(character));
            else
                filled.Append(character);
        }
    }

    /// <summary>A path never becomes <c>//host</c>, which a browser takes for another host, whatever a visitor puts into its parts.</summary>
    private string AsOwn(string filled) =>
        _hostEnd > 0 || filled is ['/', not '/', ..] or "/" || filled == _destination ? filled : "/" + filled.TrimStart('/');

    /// <summary>Gets the name of the placeholder that starts here, a colon and a word. Returns null when none does.</summary>
    private static string? NameAt(string text, int index)
    {
        if (text[index] != ':')
            return null;
        var end = index + 1;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            end++;
        return end > index + 1 ? text[(index + 1)..end] : null;
    }
}
