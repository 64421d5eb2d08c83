namespace Portico.RenderApi.Tests.Fuzz;

/// <summary>Texts that have broken programs.</summary>
internal static class HostileText
{
    private static readonly string[] Texts =
    [
        "", " ", "\0", "a\0b", "\n", "a\r\nSet-Cookie: x=1\r\n\r\n", "\t", "\u0085", "\u2028", "\ufeff", "\u202egnp.exe", "e\u0301", "ﬀ", "İ", "ß", "\U0001F468\u200D\U0001F469\u200D\U0001F467",
        "\ud800", "\udc00\ud800", "ａｐｉ", "аpi", "..", "../../../etc/passwd", "..%2f..%2fetc", "/", "//", "\\", "C:\\", "~", "-rf", "--upload-pack=touch /tmp/x", "-", "'", "\"", "`", "' OR '1'='1",
        "'; DROP TABLE Services; --", "%' ESCAPE '", "$(id)", "`id`", "; id", "| id", "&& id", "${jndi:ldap://127.0.0.1/a}", "{{7*7}}", "<script>alert(1)</script>", "%s%s%n", "%00", "%", "%zz", "+", "&a=b", "#",
        "true", "null", "undefined", "NaN", "[]", "{}", "0", "-1", "1e309", "0x10", "99999999999999999999", "1,2", ",", ",,,", "*", "?", "[a-z]*", "()", "a=b", "key with space", "PORT", "__proto__", "constructor",
        "localhost", "127.0.0.1", "169.254.169.254", "[::1]", "file:///etc/passwd", "ext::sh -c id", "http://127.0.0.1:9/none.git", "git@127.0.0.1:x", "0.0.0.0/0", "::/0", "300.1.1.1/33",
        "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "1970-01-01", "tomorrow", "* * * * *", "*/0 * * * *", "60 24 32 13 8", "@reboot",
    ];

    public static string Pick(Random random) => random.Next(40) switch
    {
        0 => new string('a', random.Next(1, 70_000)),
        1 => new string('\u00e9', random.Next(1, 3_000)),
        2 => string.Concat(Enumerable.Repeat("%41", random.Next(1, 500))),
        _ => Texts[random.Next(Texts.Length)],
    };
}
