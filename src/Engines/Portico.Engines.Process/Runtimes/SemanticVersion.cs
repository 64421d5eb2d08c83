using System.Globalization;
using System.Text.RegularExpressions;

namespace Portico.Engines.Process.Runtimes;

/// <summary>A released version of three numbers. Prereleases are not supported.</summary>
/// <param name="Packaging">The number of the packaging, if another project packages the version; otherwise 0.</param>
internal readonly partial record struct SemanticVersion(int Major, int Minor, int Patch, int Packaging = 0) : IComparable<SemanticVersion>
{
    public static SemanticVersion? Parse(string text) => Pattern.Match(text) is { Success: true } match
        ? new SemanticVersion(Number(match, 1), Number(match, 2), Number(match, 3))
        : null;

    /// <summary>Parses versions like <c>18.4.0-beta.17</c>, whose label counts the packagings of a released version.</summary>
    public static SemanticVersion? ParsePackaged(string text) => Packaged.Match(text) is { Success: true } match
        ? new SemanticVersion(Number(match, 1), Number(match, 2), Number(match, 3), Number(match, 4))
        : null;

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    public int CompareTo(SemanticVersion other) => (Major, Minor, Patch, Packaging).CompareTo((other.Major, other.Minor, other.Patch, other.Packaging));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}{(Packaging > 0 ? "-beta." : "")}{(Packaging > 0 ? Packaging : null)}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\Av?(\d{1,6})\.(\d{1,6})\.(\d{1,6})\z")]
    private static partial Regex Pattern { get; }

    [GeneratedRegex(@"\A(\d{1,6})\.(\d{1,6})\.(\d{1,6})-beta\.(\d{1,6})\z")]
    private static partial Regex Packaged { get; }
}
