using Portico.Blueprint.Diagnostics;
using Portico.Blueprint.Planning;

namespace Portico.Blueprint.Rules;

/// <summary>
/// Checks values that become arguments of Git. Git runs programs for some URLs (<c>ext::</c>) and accepts options where it
/// expects a ref, so only plain URLs and branches are valid.
/// </summary>
internal static class GitRules
{
    private static readonly string[] Schemes = ["https", "http", "ssh", "file"];

    public static Problem? Repo(string url)
    {
        if (url.StartsWith('-'))
            return Problem.Unsafe($"'{Show(url)}' looks like an option, not a repository URL");
        if (url.Contains("::", StringComparison.Ordinal))
            return Problem.Unsafe($"'{Show(url)}' would make Git run a program", "use an https or ssh URL");
        if (url.Length is 0 or > 2048 || url.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\'))
            return Problem.Unsafe("invalid repository URL: it is empty, too long, or contains a space or control character");
        if (IsScpStyle(url) || IsPath(url))
            return null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || !url.Contains("://", StringComparison.Ordinal))
            return new Problem(
                $"'{Show(url)}' is not a repository URL",
                LooksLikeHost(url) ? $"write 'https://{Show(url)}'" : "for example 'https://github.com/owner/name'");
        if (!Schemes.Contains(parsed.Scheme))
            return Problem.Unsafe(
                $"cannot fetch repositories over '{SafeText.Word(parsed.Scheme)}://'", "use https, http, ssh or file");
        if (parsed.Scheme != "file" && (parsed.Host.Length == 0 || parsed.Host.StartsWith('-')))
            return Problem.Unsafe($"'{Show(url)}' has no host");
        return parsed.Scheme != "ssh" || !parsed.UserInfo.StartsWith('-')
            ? null
            : Problem.Unsafe($"'{Show(url)}' has no user");
    }

    /// <summary>The URL in a message: people keep tokens in it.</summary>
    private static string Show(string url) => SafeText.Word(SecretKeys.Masked(url));

    /// <summary>Whether the URL is a directory of the machine that Git runs on.</summary>
    public static bool IsLocal(string? url) => url?.StartsWith("file:", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>Whether it is the path of a directory, absolute or relative. <see cref="LocalRepositories"/> makes a URL of it.</summary>
    public static bool IsPath(string? text) => text is not null
        && (text is "." or ".." or "~" || text.StartsWith('/') || text.StartsWith("./", StringComparison.Ordinal)
            || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith("~/", StringComparison.Ordinal));

    /// <summary>Checks <c>user@host:path</c>, the short form of an ssh URL.</summary>
    private static bool IsScpStyle(string url)
    {
        var at = url.IndexOf('@');
        var colon = url.IndexOf(':');
        if (at <= 0 || colon < at + 2 || colon == url.Length - 1 || url.Contains("://", StringComparison.Ordinal))
            return false;
        var user = url.AsSpan(0, at);
        var host = url.AsSpan(at + 1, colon - at - 1);
        return IsWord(user) && IsWord(host) && url[colon + 1] != '-';
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
                return false;
        return text[0] != '-';
    }

    private static bool LooksLikeHost(string url) =>
        url.IndexOf('/') is > 0 and var slash && url.AsSpan(0, slash).Contains('.') && char.IsAsciiLetterOrDigit(url[0]);

    /// <summary>Checks a branch name as <c>git check-ref-format --branch</c> does.</summary>
    public static Problem? Branch(string name)
    {
        if (name.StartsWith('-'))
            return Problem.Unsafe($"'{SafeText.Word(name)}' looks like an option, not a branch");
        var bad = name.Length is 0 or > 255 || name is "@" || name.StartsWith('/') || name.EndsWith('/')
            || name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal)
            || name.Contains("//", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal)
            || name.Any(c => char.IsControl(c) || c is ' ' or '~' or '^' or ':' or '?' or '*' or '[' or '\\')
            || name.Split('/').Any(part => part.StartsWith('.') || part.EndsWith(".lock", StringComparison.Ordinal));
        return bad ? new Problem($"'{SafeText.Word(name)}' is not a valid branch name") : null;
    }
}
