using System.Text;
using System.Text.RegularExpressions;
using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>Matches a redirect or rewrite. In its source, <c>*</c> is any text and <c>:name</c> is one segment (https://render.com/docs/redirects-rewrites).</summary>
internal sealed class SiteRule
{
    private readonly string _destination;
    private readonly Regex _source;

    public SiteRule(SiteRedirect redirect)
    {
        Kind = redirect.Kind;
        _destination = string.Concat(redirect.Destination.EnumerateRunes().Select(
            rune => rune.Value is > ' ' and < 127 ? rune.ToString() : Uri.EscapeDataString(rune.ToString())));
        _source = new Regex(Translate(redirect.Source), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    public SiteRedirectKind Kind { get; }

    /// <summary>Gets the destination for this path, with the parts that <c>*</c> and names of the source matched. Returns null when the path does not match.</summary>
    public string? Match(string path)
    {
        var match = _source.Match(path);
        return match.Success ? Fill(match) : null;
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

    private string Fill(Match match)
    {
        if (!_destination.AsSpan().ContainsAny('*', ':'))
            return _destination;
        var filled = new StringBuilder();
        for (var i = 0; i < _destination.Length; i++)
        {
            if (_destination[i] == '*')
                filled.Append(Escape(match.Groups["star"].Value));
            else if (NameAt(_destination, i) is { } name && match.Groups["p_" + name] is { Success: true } group)
            {
                filled.Append(Escape(group.Value));
                i += name.Length;
            }
            else
                filled.Append(_destination[i]);
        }
        return filled.ToString();
    }

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

    /// <summary>Encodes text that was decoded from a request, so that it cannot add a line break, query or fragment to the location.</summary>
    private static string Escape(string value) => string.Join('/', value.Split('/').Select(Uri.EscapeDataString));
}
