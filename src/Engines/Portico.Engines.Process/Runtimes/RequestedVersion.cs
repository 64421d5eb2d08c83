using Portico.Core.Engines;

namespace Portico.Engines.Process.Runtimes;

/// <summary>The version that a project requests, and where it does so.</summary>
internal sealed record RequestedVersion(string Text, string Source)
{
    private const int Longest = 60;

    /// <summary>The version in a form that is safe to print. A user's file can contain anything.</summary>
    public string Shown => $"{Printable(Text)} (from {Source})";

    /// <summary>Returns the first version found, in Render's order; null if there is none.</summary>
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
