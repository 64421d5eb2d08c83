using System.Globalization;
using System.Text.RegularExpressions;

namespace Portico.Engines.Process.Runtimes;

/// <summary>A released version of three numbers. Prereleases are not supported.</summary>
internal readonly partial record struct SemanticVersion(int Major, int Minor, int Patch) : IComparable<SemanticVersion>
{
    public static SemanticVersion? Parse(string text) => Pattern.Match(text) is { Success: true } match
        ? new SemanticVersion(Number(match, 1), Number(match, 2), Number(match, 3))
        : null;

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(SemanticVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Av?(\d{1,6})\.(\d{1,6})\.(\d{1,6})\z")]
    private static partial Regex Pattern { get; }
}
