using System.Globalization;
using System.Text.RegularExpressions;

namespace Portico.Blueprint.Planning;

/// <summary>Guesses which values are secret. A wrong guess hides too much rather than too little.</summary>
public static partial class SecretKeys
{
    private static readonly string[] Telling =
        ["SECRET", "TOKEN", "PASS", "PWD", "KEY", "CRED", "PRIVATE", "AUTH", "DSN", "SALT", "CERT", "WEBHOOK", "SIGNATURE", "CONNECTION"];

    /// <summary>Words that contain one of <see cref="Telling"/> and tell nothing.</summary>
    private static readonly HashSet<string> Innocent = new(StringComparer.OrdinalIgnoreCase)
    {
        "AUTHOR", "AUTHORS", "KEYBOARD", "KEYWORD", "KEYWORDS", "KEYCLOAK", "MONKEY", "PASSENGER", "PASSTHROUGH", "BYPASS", "COMPASS",
        "TOKENIZER", "TOKENIZERS", "CREDITS", "CREDIT", "CONNECTIONS", "UNCERTAIN", "CERTBOT",
    };

    /// <summary>Words for a measure: with a number, <c>MAX_TOKENS</c> and <c>TOKEN_TTL</c> count something.</summary>
    private static readonly HashSet<string> Measures = new(StringComparer.OrdinalIgnoreCase)
    {
        "MAX", "MIN", "NUM", "LIMIT", "LENGTH", "SIZE", "COUNT", "TTL", "EXPIRY", "EXPIRES", "EXPIRATION", "LIFETIME", "AGE", "TIMEOUT",
        "INTERVAL", "ROUNDS", "COST", "ITERATIONS", "RETRIES", "ATTEMPTS", "PORT", "VERSION", "BITS", "BYTES", "MS", "SECONDS", "SECS",
        "MINUTES", "HOURS", "DAYS", "TOKENS", "POOL", "BUDGET", "RATE", "THRESHOLD",
    };

    public static bool IsSecret(string key, string? value)
    {
        if (HoldsCredentials(value) || (value is not null && SecretValue().IsMatch(value)))
            return true;
        return WordsOf(key).Any(IsTelling) && !IsSwitch(value) && !Counts(key, value);
    }

    /// <summary>Whether a URL contains a password: <c>postgres://me:word@host</c>. An ssh user name is not secret.</summary>
    public static bool HoldsCredentials(string? value)
    {
        var scheme = value?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
            return false;
        // A password may contain a slash, so search for the last '@' of the whole text.
        var rest = value.AsSpan(scheme + 3);
        var user = rest[..Math.Max(0, rest.LastIndexOf('@'))];
        return user.Contains(':') || (user.Length > 0 && !user.Contains('/') && !value!.StartsWith("ssh", StringComparison.Ordinal));
    }

    /// <summary>A URL as it may be shown: what stands before its host is hidden if it may be secret.</summary>
    public static string Masked(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return HoldsCredentials(url) ? $"{url[..(url.IndexOf("://", StringComparison.Ordinal) + 3)]}***{url[url.LastIndexOf('@')..]}" : url;
    }

    /// <summary>An http URL without user name and password; any other text unchanged.</summary>
    public static string WithoutCredentials(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var start = url.StartsWith("http", StringComparison.OrdinalIgnoreCase) ? url.IndexOf("://", StringComparison.Ordinal) + 3 : 0;
        if (start < 3)
            return url;
        var end = url.IndexOf('/', start);
        var at = url.LastIndexOf('@', (end < 0 ? url.Length : end) - 1);
        return at < start ? url : url[..start] + url[(at + 1)..];
    }

    private static bool IsTelling(string word) =>
        !Innocent.Contains(word) && Telling.Any(part => word.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Splits <c>MAX_TOKENS</c>, <c>max-tokens</c> and <c>maxTokens</c> into their words.</summary>
    private static IEnumerable<string> WordsOf(string key) => Word().Matches(key).Select(match => match.Value);

    private static bool IsSwitch(string? value) => value?.ToUpperInvariant() is "TRUE" or "FALSE" or "YES" or "NO" or "ON" or "OFF";

    /// <summary>Whether it is a number that a word of the key says how to read. A password of digits stays hidden.</summary>
    private static bool Counts(string key, string? value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && WordsOf(key).Any(Measures.Contains);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")]
    private static partial Regex Word();

    /// <summary>What keys and tokens of well-known services look like, and passwords inside of a connection string.</summary>
    [GeneratedRegex(@"PRIVATE KEY-----|\b(gh[pousr]_|github_pat_|glpat-|sk_live_|sk_test_|rk_live_|whsec_|xox[abprs]-|rnd_|npm_|AKIA|ASIA|SG\.|sk-)[A-Za-z0-9_\-]{12,}|\beyJ[A-Za-z0-9_\-]{10,}\.eyJ|[?&; ](password|pwd|token|secret|api_?key|access_?key|sig)=[^&; ]|^(password|pwd)=", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();
}
