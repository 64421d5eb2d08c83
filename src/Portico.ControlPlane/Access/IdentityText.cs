using System.Globalization;
using Portico.ControlPlane.Refusals;

namespace Portico.ControlPlane.Access;

/// <summary>Checks names and email addresses. Other users see them, so they must not contain anything that deceives.</summary>
internal static class IdentityText
{
    private const int LongestName = 100, LongestEmail = 254;

    /// <exception cref="RefusedException">400: the name is empty, too long or contains invisible characters.</exception>
    public static string Name(string field, string? text)
    {
        var name = text?.Trim() ?? "";
        if (name.Length is 0 or > LongestName)
            throw Refusal.Invalid($"{field}: must have 1 to {LongestName} characters.");
        return IsVisible(name) ? name : throw Refusal.Invalid($"{field}: must not contain invisible characters.");
    }

    /// <exception cref="RefusedException">400: the text is not an email address.</exception>
    public static string Email(string field, string? text)
    {
        var email = text?.Trim() ?? "";
        var at = email.IndexOf('@', StringComparison.Ordinal);
        var well = at > 0 && at < email.Length - 1 && email.Length <= LongestEmail && at == email.LastIndexOf('@')
            && IsVisible(email) && !email.Any(char.IsWhiteSpace) && email.IndexOfAny(['<', '>', ',', ';', '"']) < 0;
        return well ? email.ToLowerInvariant() : throw Refusal.Invalid($"{field}: must be an email address.");
    }

    private static bool IsVisible(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD && System.Text.Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate));
}
