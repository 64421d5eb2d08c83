using System.Text;

namespace Portico.Blueprint.Rules;

/// <summary>A name as it stands in addresses: lower case letters and digits, with single dashes between.</summary>
public static class Slug
{
    public const int Longest = 63;

    /// <summary>Empty when the name holds no ASCII letter or digit.</summary>
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
