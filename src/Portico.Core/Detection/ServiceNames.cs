using System.Globalization;
using System.Text;
using Portico.Core.Detection.Files;

namespace Portico.Core.Detection;

/// <summary>Names proposed services after their directories.</summary>
internal static class ServiceNames
{
    private const int Longest = 40;

    public static IReadOnlyList<ServiceProposal> Give(IEnumerable<(ProjectDirectory Directory, ServiceProposal Proposal)> found, string project)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. found.Select(item => item.Proposal with { Name = Free(Wanted(item.Directory, project), taken) })];
    }

    private static string Wanted(ProjectDirectory directory, string project) =>
        Slug(directory.IsRoot ? project : directory.Name) is { Length: > 0 } name ? name : "app";

    private static string Free(string wanted, HashSet<string> taken)
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
        return name;
    }

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.Take(500))
        {
            if (slug.Length == Longest)
                break;
            if (char.IsAsciiLetterOrDigit(letter))
                slug.Append(char.ToLowerInvariant(letter));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        return slug.ToString().TrimEnd('-');
    }
}
