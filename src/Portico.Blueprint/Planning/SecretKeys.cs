namespace Portico.Blueprint.Planning;

/// <summary>Guesses which values nobody should see. A wrong guess hides too much rather than too little.</summary>
public static class SecretKeys
{
    private static readonly string[] Telling =
        ["SECRET", "TOKEN", "PASS", "PWD", "KEY", "CRED", "PRIVATE", "AUTH", "DSN", "SALT", "CERT", "WEBHOOK", "SIGNATURE", "CONNECTION"];

    public static bool IsSecret(string key, string? value) =>
        Telling.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) || HoldsCredentials(value)
        || (value?.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ?? false);

    /// <summary>A URL with a user in it: <c>postgres://me:word@host</c>.</summary>
    public static bool HoldsCredentials(string? value)
    {
        var scheme = value?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
            return false;
        var at = value!.IndexOf('@', scheme);
        var slash = value.IndexOf('/', scheme + 3);
        return at > 0 && (slash < 0 || at < slash);
    }
}
