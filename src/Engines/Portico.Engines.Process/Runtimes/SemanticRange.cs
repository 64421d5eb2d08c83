using System.Globalization;
using System.Text.RegularExpressions;

namespace Portico.Engines.Process.Runtimes;

/// <summary>A range of versions in npm's syntax: <c>20</c>, <c>^18.2</c>, <c>>=18 &lt;21</c>, <c>18.x || 20.x</c>, <c>1.2 - 2.3</c>.</summary>
/// <remarks>See https://docs.npmjs.com/cli/configuring-npm/package-json#engines and node-semver's grammar.</remarks>
internal sealed partial class SemanticRange
{
    private static readonly SemanticVersion Lowest = new(0, 0, 0), Highest = new(int.MaxValue, 0, 0);
    private readonly List<(SemanticVersion From, SemanticVersion Below)> _alternatives;

    private SemanticRange(List<(SemanticVersion, SemanticVersion)> alternatives) => _alternatives = alternatives;

    public static SemanticRange Any { get; } = new([(Lowest, Highest)]);

    /// <summary>Parses a range; null if the text is not one.</summary>
    public static SemanticRange? Parse(string text)
    {
        var alternatives = new List<(SemanticVersion, SemanticVersion)>();
        foreach (var alternative in text.Split("||", StringSplitOptions.TrimEntries))
        {
            if (Interval(alternative) is not { } interval)
                return null;
            alternatives.Add(interval);
        }
        return new SemanticRange(alternatives);
    }

    public bool Allows(SemanticVersion version) => _alternatives.Any(range => version >= range.From && version < range.Below);

    public SemanticVersion? Newest(IEnumerable<SemanticVersion> versions) =>
        versions.Where(Allows).Select(version => (SemanticVersion?)version).Max();

    private static (SemanticVersion From, SemanticVersion Below)? Interval(string text)
    {
        if (Hyphen.Match(text) is { Success: true } hyphen)
            text = $">={hyphen.Groups[1].Value} <={hyphen.Groups[2].Value}";
        var (from, below) = (Lowest, Highest);
        foreach (var part in SpaceAfterOperator.Replace(text, "$1").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Comparator.Match(part) is not { Success: true } match || Limits(match) is not { } limits)
                return null;
            from = limits.From > from ? limits.From : from;
            below = limits.Below < below ? limits.Below : below;
        }
        return (from, below);
    }

    private static (SemanticVersion From, SemanticVersion Below)? Limits(Match match)
    {
        var (major, minor, patch) = (Number(match, "major"), Number(match, "minor"), Number(match, "patch"));
        if (major is not { } first)
            return (Lowest, Highest);
        var least = new SemanticVersion(first, minor ?? 0, minor is null ? 0 : patch ?? 0);
        // The first version after those that the text matches.
        var next = minor is not { } second ? new SemanticVersion(first + 1, 0, 0)
            : patch is not { } third ? new SemanticVersion(first, second + 1, 0)
            : new SemanticVersion(first, second, third + 1);
        return match.Groups["operator"].Value switch
        {
            "" or "=" => (least, next),
            ">=" => (least, Highest),
            ">" => (next, Highest),
            "<" => (Lowest, least),
            "<=" => (Lowest, next),
            "~" or "~>" => (least, minor is null ? next : new SemanticVersion(first, minor.Value + 1, 0)),
            "^" => (least, BelowCaret(first, minor, patch)),
            _ => null,
        };
    }

    private static SemanticVersion BelowCaret(int major, int? minor, int? patch) => (major, minor, patch) switch
    {
        (0, { } second, { } third) when second == 0 => new SemanticVersion(0, 0, third + 1),
        (0, { } second, _) => new SemanticVersion(0, second + 1, 0),
        _ => new SemanticVersion(major + 1, 0, 0),
    };

    private static int? Number(Match match, string group) =>
        int.TryParse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\A(?<operator>[<>]=?|=|~>?|\^)?v?(?<major>\d{1,6}|[xX*])(\.(?<minor>\d{1,6}|[xX*])(\.(?<patch>\d{1,6}|[xX*]))?)?\z")]
    private static partial Regex Comparator { get; }

    [GeneratedRegex(@"\A(\S+)\s+-\s+(\S+)\z")]
    private static partial Regex Hyphen { get; }

    [GeneratedRegex(@"([<>]=?|=|~>?|\^)\s+")]
    private static partial Regex SpaceAfterOperator { get; }
}
