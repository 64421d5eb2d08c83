using System.Globalization;

namespace Portico.Core.DataStores;

public enum ParameterKind
{
    Flag,
    Choice,

    /// <summary>A whole number, optionally with a unit if the parameter has one.</summary>
    Whole,
    Real,
}

/// <summary>A setting of PostgreSQL that the owner of a database may choose.</summary>
/// <param name="Description">PostgreSQL's description.</param>
/// <param name="Least">The minimum, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of a bare number: <c>B kB 8kB MB us ms s min</c>; null for none.</param>
/// <param name="Since">The first major version with this parameter.</param>
/// <param name="NeedsRestart">Whether PostgreSQL reads it only at start.</param>
public sealed record PostgresParameter(
    string Name, string Description, ParameterKind Kind, double Least = 0, double Most = 0, string? Unit = null, int Since = 0, bool NeedsRestart = false)
{
    private static readonly string[] Flags = ["on", "off", "true", "false", "yes", "no", "1", "0"];

    /// <summary>Bytes and microseconds.</summary>
    private static readonly Dictionary<string, double> Units = new(StringComparer.Ordinal)
    {
        ["B"] = 1,
        ["kB"] = 1 << 10,
        ["8kB"] = 8 << 10,
        ["MB"] = 1 << 20,
        ["GB"] = 1 << 30,
        ["TB"] = 1L << 40,
        ["us"] = 1,
        ["ms"] = 1e3,
        ["s"] = 1e6,
        ["min"] = 60e6,
        ["h"] = 3600e6,
        ["d"] = 86400e6,
    };

    private static readonly string[] MemoryUnits = ["B", "kB", "MB", "GB", "TB"];
    private static readonly string[] TimeUnits = ["us", "ms", "s", "min", "h", "d"];

    public IReadOnlyList<string> Choices { get; init; } = [];

    private bool IsMemory => Unit is "B" or "kB" or "8kB" or "MB";

    private string[] PossibleUnits => Unit is null ? [] : IsMemory ? MemoryUnits : TimeUnits;

    /// <summary>Returns why the value is invalid, for people; null when it is valid.</summary>
    public string? Explain(string value) => Kind switch
    {
        ParameterKind.Flag => Flags.Contains(value.ToLowerInvariant()) ? null : "use on or off.",
        ParameterKind.Choice => Choices.Contains(value) ? null : $"use one of {string.Join(", ", Choices)}.",
        _ => Number(value) is { } number && number >= Least && number <= Most ? null : Expectation(),
    };

    /// <summary>Parses the value, in <see cref="Unit"/>; null when it is not a number.</summary>
    private double? Number(string value)
    {
        var unit = PossibleUnits.OrderByDescending(text => text.Length).FirstOrDefault(text => value.EndsWith(text, StringComparison.Ordinal));
        var digits = unit is null ? value : value[..^unit.Length].TrimEnd(' ');
        var style = NumberStyles.AllowLeadingSign | (Kind == ParameterKind.Real ? NumberStyles.AllowDecimalPoint : NumberStyles.None);
        if (digits.Length is 0 or > 20 || !double.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return null;
        return unit is null ? number : number * Units[unit] / Units[Unit!];
    }

    private string Expectation()
    {
        var number = Kind == ParameterKind.Real ? "a number" : "a whole number";
        var range = string.Create(CultureInfo.InvariantCulture, $"{number} from {Least} to {Most}");
        return Unit is null ? $"use {range}." : $"use {range} (in {Unit}), or a number with a unit ({string.Join(", ", PossibleUnits)}).";
    }
}
