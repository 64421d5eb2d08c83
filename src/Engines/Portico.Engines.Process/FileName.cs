namespace Portico.Engines.Process;

/// <summary>Converts a caller's id to a safe file name and back: without separators and without a leading dot.</summary>
internal static class FileName
{
    private const int Longest = 200;

    /// <exception cref="ArgumentException">The id is empty or too long for a file name.</exception>
    public static string Of(string id)
    {
        var name = Uri.EscapeDataString(id);
        if (name.StartsWith('.'))
            name = "%2E" + name[1..];
        if (name.Length is 0 or > Longest)
            throw new ArgumentException($"An id must have 1 to {Longest} characters; this one has {id.Length}.", nameof(id));
        return name;
    }

    public static string ToId(string name) => Uri.UnescapeDataString(name);
}
