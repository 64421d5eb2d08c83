using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Sources;

/// <summary>Parses the URLs of submodules in <c>.gitmodules</c>, which are untrusted. Pure.</summary>
internal static partial class SubmoduleUrl
{
    private const int Longest = 2048;

    public static bool IsRelative(string text) =>
        text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal);

    /// <summary>Whether a URL refers to a network host and cannot be mistaken for an option or a command.</summary>
    public static bool IsFollowed(string url)
    {
        if (url.Length > Longest || url.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return false;
        if (!url.Contains("://", StringComparison.Ordinal))
            return Scp.IsMatch(url);
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" or "ssh" && uri.Host.Length > 0
            && url.StartsWith($"{uri.Scheme}://", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Resolves a relative URL like Git: the URL of the parent repository is treated as a directory, which <c>..</c> leaves.</summary>
    /// <returns>Null if the result would leave the host.</returns>
    /// <remarks>See https://git-scm.com/docs/git-submodule, "add".</remarks>
    public static string? Resolve(string relative, string against)
    {
        var (address, rest, joint) = (against.TrimEnd('/'), relative, '/');
        var floor = PathIn(address);
        while (IsRelative(rest))
        {
            var isUp = rest[1] == '.';
            rest = rest[(isUp ? 3 : 2)..];
            if (!isUp)
                continue;
            var cut = address.LastIndexOfAny(['/', ':']);
            if (cut < floor)
                return null;
            (joint, address) = (address[cut], address[..cut]);
        }
        return rest.Length == 0 || rest.Split('/').Any(part => part is "..") ? null : $"{address}{joint}{rest}";
    }

    /// <summary>Returns the index at which the path begins.</summary>
    private static int PathIn(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? address.IndexOf(':', StringComparison.Ordinal) : address.IndexOf('/', scheme + "://".Length);
        return start < 0 ? address.Length : start;
    }

    /// <summary>Matches <c>user@host:path</c>, but none of Git's other forms, such as <c>ext::command</c>, and no option.</summary>
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^:-][^:]*\z")]
    private static partial Regex Scp { get; }
}
