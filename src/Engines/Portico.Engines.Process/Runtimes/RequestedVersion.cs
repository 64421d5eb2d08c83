using Portico.Core.Engines;

namespace Portico.Engines.Process.Runtimes;

/// <summary>A version that somebody asks for, and where.</summary>
internal sealed record RequestedVersion(string Text, string Source)
{
    private const int Longest = 60;

    /// <summary>For a log or a message: a file of a user's can hold anything.</summary>
    public string Shown => $"{Printable(Text)} (from {Source})";

    /// <summary>The first of these places that says something, as Render looks.</summary>
    public static async Task<RequestedVersion?> FindAsync(
        BuildRequest build, ProjectFiles files, string? variable, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        if (variable is not null && build.Environment.TryGetValue(variable, out var value) && !string.IsNullOrWhiteSpace(value))
            return new RequestedVersion(value.Trim(), $"the variable {variable}");
        foreach (var name in names)
            if (await files.LineAsync(name, cancellationToken) is { } line)
                return new RequestedVersion(line, name);
        return null;
    }

    private static string Printable(string text)
    {
        var shown = new string([.. text.Take(Longest).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > Longest ? shown + "…" : shown;
    }
}
