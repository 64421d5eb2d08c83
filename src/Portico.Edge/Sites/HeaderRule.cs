using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Portico.Core.Routing;

namespace Portico.Edge.Sites;

/// <summary>
/// Sets a response header for the paths that match: <c>*</c> at the end is any text, elsewhere it stays within a segment; <c>**</c>
/// is one or more whole segments (https://render.com/docs/static-site-headers).
/// </summary>
internal sealed class HeaderRule(SiteHeader header)
{
    private const string Vary = "Vary";

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>They belong to the connection or to the content that is sent, or are the edge's own. The same names are refused in a Blueprint.</summary>
    private static readonly string[] OfTheEdge =
    [
        "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Upgrade", "Content-Encoding",
        "Content-Range", Proxy.RequestId.HeaderName, Proxy.RequestId.RenderHeaderName,
    ];

    private readonly Regex? _path = header.Path is "/*" or "*"
        ? null
        : new Regex(Translate(header.Path), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    /// <returns>Why the rule cannot have its effect; null when it can.</returns>
    public static string? FindProblem(SiteHeader header, IReadOnlyList<string> platformHosts) =>
        header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(NameCharacters) ? "it is not a name of a header"
        : header.Value.AsSpan().ContainsAnyExceptInRange(' ', 'ÿ') || header.Value.Contains('\u007f', StringComparison.Ordinal) ? "its value has characters that a header cannot have"
        : OfTheEdge.Contains(header.Name, StringComparer.OrdinalIgnoreCase) ? "the edge sets it itself"
        : CookieDomain.IsOfPlatform(header.Name, header.Value, platformHosts) ? "a site may not set cookies for the platform's domain"
        : null;

    /// <summary>Sets the header, whatever the file's own is. Caches need to know both reasons for which a response varies.</summary>
    public void ApplyTo(IHeaderDictionary headers) => headers[header.Name] =
        header.Name.Equals(Vary, StringComparison.OrdinalIgnoreCase) && headers.Vary.Count > 0 && headers.Vary != header.Value
            ? $"{headers.Vary}, {header.Value}"
            : header.Value;

    public bool Matches(string path) => _path is null || _path.IsMatch(path);

    private static string Translate(string path)
    {
        var pattern = new StringBuilder("^");
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '*')
                pattern.Append(Regex.Escape(path[i].ToString()));
            else if (i + 1 == path.Length)
                pattern.Append(".*");
            else if (path[i + 1] != '*')
                pattern.Append("[^/]*");
            else
            {
                pattern.Append(".+");
                i++;
            }
        }
        return pattern.Append(@"\z").ToString();
    }
}
