using System.Text.RegularExpressions;

namespace Portico.Core.Detection.Files;

/// <summary>Regular expressions for hostile texts: their time is linear in the length of the text.</summary>
internal static class Pattern
{
    public static Regex Of(string pattern, bool ignoreCase = false) => new(
        pattern, RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));

    /// <summary>Returns the first group of the first match; null if nothing matches.</summary>
    public static string? First(this Regex pattern, string? text) =>
        text is not null && pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    public static bool IsFoundIn(this Regex pattern, string? text) => text is not null && pattern.IsMatch(text);
}
