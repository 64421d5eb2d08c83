namespace Portico.Blueprint.Planning;

/// <summary>Guesses which values nobody should see. A wrong guess hides too much rather than too little.</summary>
public static class SecretKeys
{
    private static readonly string[] Telling =
        ["SECRET", "TOKEN", "PASS", "PWD", "KEY", "CRED", "PRIVATE", "AUTH", "DSN", "SALT", "CERT", "WEBHOOK", "SIGNATURE", "CONNECTION"];

    public static bool IsSecret(string key, string? value) =>
        Telling.Any(word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) || HoldsCredentials(value)
        || (value?.Contains("PRIVATE KEY-----", StringComparison.Ordinal) ?? false);

    /// <summary>A URL with a password in it: <c>postgres://me:word@host</c>. The user of ssh is no secret.</summary>
    public static bool HoldsCredentials(string? value)
    {
        var scheme = value?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (scheme < 0)
            return false;
        // A password may hold a slash, so the last '@' counts, wherever it stands.
        var rest = value.AsSpan(scheme + 3);
        var user = rest[..Math.Max(0, rest.LastIndexOf('@'))];
        return user.Contains(':') || (user.Length > 0 && !user.Contains('/') && !value!.StartsWith("ssh", StringComparison.Ordinal));
    }
}
