using System.Globalization;
using Portico.Blueprint.Diagnostics;

namespace Portico.Blueprint.Rules;

/// <summary>Checks a cron schedule of five fields: minute, hour, day of month, month, day of week.</summary>
internal static class CronRule
{
    private static readonly string[] Months =
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Field[] Fields =
    [
        new("minute", 0, 59, []),
        new("hour", 0, 23, []),
        new("day of month", 1, 31, []),
        new("month", 1, 12, Months),
        new("day of week", 0, 7, Days),
    ];

    private sealed record Field(string Name, int Least, int Most, string[] Words);

    public static Problem? Check(string schedule)
    {
        if (schedule.Length > 512)
            return new Problem("the schedule is too long");
        var parts = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length != Fields.Length)
            return new Problem(
                $"'{SafeText.Word(schedule)}' has {parts.Length} fields; a schedule needs five: "
                + "minute, hour, day of month, month, day of week (UTC)", Macro(schedule));
        for (var i = 0; i < parts.Length; i++)
            foreach (var item in parts[i].Split(','))
                if (Fault(item, Fields[i]) is { } fault)
                    return new Problem($"invalid {Fields[i].Name} '{SafeText.Word(parts[i])}': {fault}");
        return null;
    }

    /// <summary>Whether the schedule only names days that do not exist, such as 30 February.</summary>
    /// <param name="schedule">A schedule that <see cref="Check"/> accepts.</param>
    public static bool NeverRuns(string schedule)
    {
        var parts = schedule.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var firstDay = parts[2].Split(',').Min(item => Values(item, Fields[2]).First());
        // Try a leap year, which has the longest February.
        return parts[3].Split(',').SelectMany(item => Values(item, Fields[3])).All(month => DateTime.DaysInMonth(2024, month) < firstDay);
    }

    private static IEnumerable<int> Values(string item, Field field)
    {
        var slash = item.IndexOf('/');
        var (span, step) = slash < 0 ? (item, 1) : (item[..slash], Number(item[(slash + 1)..])!.Value);
        var dash = span.IndexOf('-');
        var (first, last) = span == "*" ? (field.Least, field.Most)
            : dash >= 0 ? (Value(span[..dash], field)!.Value, Value(span[(dash + 1)..], field)!.Value)
            : (Value(span, field)!.Value, slash < 0 ? Value(span, field)!.Value : field.Most);
        for (var value = first; value <= last; value += step)
            yield return value;
    }

    private static string? Macro(string schedule) => schedule.Trim().ToUpperInvariant() switch
    {
        "@HOURLY" => "write '0 * * * *'",
        "@DAILY" or "@MIDNIGHT" => "write '0 0 * * *'",
        "@WEEKLY" => "write '0 0 * * 0'",
        "@MONTHLY" => "write '0 0 1 * *'",
        "@YEARLY" or "@ANNUALLY" => "write '0 0 1 1 *'",
        _ => null,
    };

    private static string? Fault(string item, Field field)
    {
        var slash = item.IndexOf('/');
        var span = slash < 0 ? item : item[..slash];
        if (slash >= 0 && !(Number(item[(slash + 1)..]) is > 0 and var step && step <= field.Most))
            return $"the step after '/' must be 1 to {field.Most}";
        if (span == "*")
            return null;
        var dash = span.IndexOf('-');
        var (first, last) = dash < 0 ? (span, span) : (span[..dash], span[(dash + 1)..]);
        if (Value(first, field) is not { } from || Value(last, field) is not { } to)
            return field.Words.Length > 0
                ? $"use {field.Least} to {field.Most} or {field.Words[0]} to {field.Words[^1]}"
                : $"use {field.Least} to {field.Most}";
        return from <= to ? null : "the range is reversed";
    }

    private static int? Value(string text, Field field)
    {
        var word = Array.FindIndex(field.Words, item => item.Equals(text, StringComparison.OrdinalIgnoreCase));
        var value = word >= 0 ? word + (field.Least == 0 ? 0 : 1) : Number(text);
        return value >= field.Least && value <= field.Most ? value : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
