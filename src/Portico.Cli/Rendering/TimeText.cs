using System.Globalization;

namespace Portico.Cli.Rendering;

/// <summary>Times in tables, in UTC.</summary>
internal static class TimeText
{
    public static string? Of(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Returns how long something took; null while it has not ended.</summary>
    public static string? Between(DateTimeOffset? from, DateTimeOffset? to) => (to - from)?.TotalSeconds switch
    {
        null => null,
        < 100 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 6000 and var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min"),
        var seconds => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };
}
