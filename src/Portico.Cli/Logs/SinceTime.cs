using System.Globalization;

namespace Portico.Cli.Logs;

/// <summary>Reads the time of <c>logs --since</c>: a duration before now, or a time.</summary>
internal static class SinceTime
{
    public const string Examples = "10m, 2h, 1d, 2026-01-31 or 2026-01-31T15:04:05Z";

    /// <summary>Returns null when the text is neither. A time without a zone is in the local one.</summary>
    public static DateTimeOffset? Parse(string text, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (text.Length > 1 && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && SecondsOf(text[^1]) is { } unit)
            return number > (now - DateTimeOffset.UnixEpoch).TotalSeconds / unit ? DateTimeOffset.UnixEpoch : now.AddSeconds(-number * unit);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var at) && text.Contains('-', StringComparison.Ordinal)
            ? at.ToUniversalTime()
            : null;
    }

    private static double? SecondsOf(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        'w' => 7 * 86400,
        _ => null,
    };
}
