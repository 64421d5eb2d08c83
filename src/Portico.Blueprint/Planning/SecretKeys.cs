namespace Portico.Blueprint.Planning;

/// <summary>Guesses which values are secret. A wrong guess hides too much rather than too little.</summary>
public static class SecretKeys
{
    private static readonly string[] Telling =
        ["SECRET", "TOKEN", "PASS", "PWD", "KEY", "CRED", "PRIVATE", "AUTH", "DSN", "SALT", "CERT", "WEBHOOK", "SIGNATURE", "CONNECTION"];

    public static bool IsSecret(string key, string? value) =>
        Telling.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) || HoldsCredentials(value)
        || (value?.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ?? false);

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
}
