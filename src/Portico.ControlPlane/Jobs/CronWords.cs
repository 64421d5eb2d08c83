using System.Globalization;

namespace Portico.ControlPlane.Jobs;

/// <summary>Says what a cron expression means, in plain English. Pure.</summary>
internal static class CronWords
{
    private const string Every = "*";

    /// <summary>More times of a day than these are told by their fields.</summary>
    private const int MostTimes = 6;

    private static readonly string[] Days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    private static readonly string[] Months =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    /// <returns>For example <c>At 03:00, Monday to Friday</c>; null for an expression with rarer parts, such as <c>L</c> and <c>#</c>.</returns>
    public static string? Of(string schedule)
    {
        if (schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var minute, var hour, var day, var month, var weekday])
            return null;
        (day, weekday) = (day == "?" ? Every : day, weekday == "?" ? Every : weekday);
        var time = TimeOf(minute, hour);
        var days = day == Every ? "" : StepOf(day) is { } nth ? $"every {Ordinal(nth)} day of the month" : $"on day {Listed(day, Number)} of the month";
        var weekdays = weekday == Every ? "" : Listed(weekday, text => NameOf(text, Days, 0));
        var months = month == Every ? "" : $"in {Listed(month, text => NameOf(text, Months, 1))}";
        if ((time + days + weekdays + months).Contains('\0', StringComparison.Ordinal))
            return null;
        var isDaily = days + weekdays + months == "" && char.IsAsciiDigit(time[3]);
        // Both must be true, unlike in other programs.
        var on = days != "" && weekdays != "" ? $"{days}, if it is {weekdays}" : days + weekdays;
        return string.Join(", ", new[] { isDaily ? $"Every day {char.ToLowerInvariant(time[0])}{time[1..]}" : time, on, months }.Where(part => part != ""));
    }

    private static string TimeOf(string minute, string hour)
    {
        if (StepOf(minute) is { } minutes && hour == Every)
            return minutes == 1 ? "Every minute" : $"Every {minutes} minutes";
        if (Numbers(minute) is { } exact && Numbers(hour) is { } hours && exact.Count * hours.Count <= MostTimes)
            return $"At {And([.. hours.SelectMany(h => exact.Select(m => $"{h:00}:{m:00}"))])}";
        var within = hour == Every ? "every hour" : StepOf(hour) is { } step ? $"every {step} hours" : $"the hours {Listed(hour, Number)}";
        if (minute == "0" && (hour == Every || StepOf(hour) is not null))
            return hour == Every ? "Every hour" : $"Every {StepOf(hour)} hours";
        return StepOf(minute) is { } often
            ? $"{(often == 1 ? "Every minute" : $"Every {often} minutes")} of {within}"
            : $"At minute {Listed(minute, Number)} of {within}";
    }

    /// <summary>The step of <c>*/5</c>; 1 for <c>*</c>; otherwise null.</summary>
    private static int? StepOf(string field) =>
        field == Every ? 1 : field.StartsWith("*/", StringComparison.Ordinal) && int.TryParse(field[2..], NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;

    /// <summary>The numbers of a field that has nothing else.</summary>
    private static List<int>? Numbers(string field)
    {
        var numbers = new List<int>();
        foreach (var part in field.Split(','))
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                numbers.Add(number);
            else
                return null;
        return [.. numbers.Order()];
    }

    /// <summary>The parts of a field in words; a zero character stands for a part that has none.</summary>
    private static string Listed(string field, Func<string, string> name) => StepOf(field) is { } step
        ? $"every {Ordinal(step)}"
        : And([.. field.Split(',').Select(part => part.Split('-') is [var from, var to] ? $"{name(from)} to {name(to)}" : name(part))]);

    private static string Number(string text) => text.All(char.IsAsciiDigit) && text.Length > 0 ? text : "\0";

    private static string NameOf(string text, string[] names, int first)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number - first >= 0 && number - first <= names.Length ? names[(number - first) % names.Length] : "\0";
        return names.FirstOrDefault(name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase) && text.Length >= 3) ?? "\0";
    }

    private static string Ordinal(int number) => (number % 100, number % 10) switch
    {
        ( >= 11 and <= 13, _) => $"{number}th",
        (_, 1) => $"{number}st",
        (_, 2) => $"{number}nd",
        (_, 3) => $"{number}rd",
        _ => $"{number}th",
    };

    private static string And(List<string> parts) => parts.Count < 2 ? string.Concat(parts) : $"{string.Join(", ", parts[..^1])} and {parts[^1]}";
}
