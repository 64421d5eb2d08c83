namespace Portico.Core.Networks;

/// <summary>Decides which resource a host name means in a network.</summary>
public static class NetworkNames
{
    private const int LongestLabel = 63;

    /// <summary>
    /// Returns addresses by host name. A name that is a resource's own comes first, whatever names users give to others.
    /// Of names that users gave, a service's comes before a data store's.
    /// </summary>
    /// <param name="members">In a stable order: of two with the same name, the first has it.</param>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<NetworkMember> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var all = members.ToList();
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in all)
            names.TryAdd(member.HostName, member.Address);
        foreach (var member in all.OrderBy(member => !member.IsService))
            if (HostNameOf(member.GivenName) is { } name)
                names.TryAdd(name, member.Address);
        return names;
    }

    /// <summary>The name as clients ask for it; null if it is no host name of one label, or means something else everywhere.</summary>
    public static string? HostNameOf(string given)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (given.Length is 0 or > LongestLabel || !given.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            return null;
        var name = given.ToLowerInvariant();
        return name is "localhost" || name.All(char.IsAsciiDigit) || name.StartsWith('-') || name.EndsWith('-') ? null : name;
    }
}
