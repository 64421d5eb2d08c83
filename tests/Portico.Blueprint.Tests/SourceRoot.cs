using System.Runtime.CompilerServices;

namespace Portico.Blueprint.Tests;

/// <summary>Where the test files of this project stand.</summary>
internal static class SourceRoot
{
    public static string Cases { get; } = Path.Combine(Here(), "cases");

    /// <summary>Set to rewrite the verified files instead of comparing with them.</summary>
    public static bool Accepting { get; } = Environment.GetEnvironmentVariable("PORTICO_ACCEPT") is "1" or "true";

    public static bool IsCi { get; } = Environment.GetEnvironmentVariable("CI") is "1" or "true";

    /// <summary>Null on a machine without the collected files.</summary>
    public static string? Corpus { get; } = FindCorpus();

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static string? FindCorpus()
    {
        for (var at = new DirectoryInfo(Here()); at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "..", "shared", "render", "corpus");
            if (Directory.Exists(candidate))
                return Path.GetFullPath(candidate);
        }
        return null;
    }
}
