using System.Globalization;
using System.Text.RegularExpressions;

namespace Portico.ControlPlane.Logs;

/// <summary>A time in nanoseconds since 1970. No two lines have the same time, so it also identifies a line and orders lines.</summary>
internal readonly partial record struct LogTime(long Nanoseconds) : IComparable<LogTime>
{
    private const int FractionDigits = 9, NanosecondsPerTick = 100;

    /// <summary>The latest time that 64 bits can hold, in the year 2262.</summary>
    public static LogTime End { get; } = new(long.MaxValue);

    public LogTime Next => new(Nanoseconds == long.MaxValue ? long.MaxValue : Nanoseconds + 1);

    public LogTime Previous => new(Nanoseconds == 0 ? 0 : Nanoseconds - 1);

    public static LogTime From(DateTimeOffset time) => FromTicks(time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, 0);

    /// <summary>Parses RFC 3339 with up to nanoseconds. A time out of range becomes the nearest possible one.</summary>
    public static bool TryParse(string text, out LogTime time)
    {
        time = default;
        if (Rfc3339().Match(text) is not { Success: true } parts
            || !DateTimeOffset.TryParseExact(
                parts.Groups["time"].Value.ToUpperInvariant() + Zone(parts.Groups["zone"].Value),
                "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var whole))
            return false;
        var fraction = parts.Groups["fraction"].Value.PadRight(FractionDigits, '0')[..FractionDigits];
        time = FromTicks(whole.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, long.Parse(fraction, CultureInfo.InvariantCulture));
        return true;
    }

    public int CompareTo(LogTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static bool operator <(LogTime left, LogTime right) => left.Nanoseconds < right.Nanoseconds;

    public static bool operator >(LogTime left, LogTime right) => left.Nanoseconds > right.Nanoseconds;

    public static bool operator <=(LogTime left, LogTime right) => left.Nanoseconds <= right.Nanoseconds;

    public static bool operator >=(LogTime left, LogTime right) => left.Nanoseconds >= right.Nanoseconds;

    public DateTimeOffset ToDateTime() => DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / NanosecondsPerTick);

    /// <summary>Formats as RFC 3339 in UTC, always with nine digits, so that texts sort by time.</summary>
    public override string ToString()
    {
        var whole = DateTimeOffset.UnixEpoch.AddTicks(Nanoseconds / NanosecondsPerTick);
        return string.Create(CultureInfo.InvariantCulture, $"{whole:yyyy-MM-ddTHH:mm:ss}.{Nanoseconds % 1_000_000_000:D9}Z");
    }

    private static LogTime FromTicks(long ticks, long nanoseconds)
    {
        const long Last = (long.MaxValue / NanosecondsPerTick) - TimeSpan.TicksPerSecond;
        return new LogTime((Math.Clamp(ticks, 0, Last) * NanosecondsPerTick) + (ticks is < 0 or > Last ? 0 : nanoseconds));
    }

    private static string Zone(string zone) => zone is "Z" or "z" ? "+00:00" : zone;

    [GeneratedRegex(@"\A(?<time>\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.(?<fraction>\d{1,18}))?(?<zone>[Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();
}
