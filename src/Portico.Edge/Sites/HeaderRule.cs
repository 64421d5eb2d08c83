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
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly string[] Framing = ["Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "Content-Encoding", "Content-Range"];

    private readonly Regex? _path = header.Path is "/*" or "*"
        ? null
        : new Regex(Translate(header.Path), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    public string Name => header.Name;

    public string Value => header.Value;

    /// <summary>Whether the header can be sent without breaking the framing of the response.</summary>
    public static bool IsSendable(SiteHeader header) =>
        header.Name.Length > 0 && !header.Name.AsSpan().ContainsAnyExcept(NameCharacters)
        && !header.Value.AsSpan().ContainsAnyExceptInRange(' ', 'ÿ') && !header.Value.Contains('\u007f', StringComparison.Ordinal)
        && !Framing.Contains(header.Name, StringComparer.OrdinalIgnoreCase);

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
