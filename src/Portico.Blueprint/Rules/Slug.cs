using System.Text;

namespace Portico.Blueprint.Rules;

/// <summary>Converts a name to its form in addresses: lower-case letters and digits, separated by single dashes.</summary>
public static class Slug
{
    public const int Longest = 63;

    /// <summary>Returns the slug; empty when the name contains no ASCII letter or digit.</summary>
    public static string Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var slug = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            if (slug.Length == Longest)
                break;
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }
}
