using System.Text.RegularExpressions;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Where a project can name its version of Ruby, besides <c>.ruby-version</c>, as on Render.</summary>
internal static partial class RubyVersionFiles
{
    /// <summary>Returns what the first of these files says; null if none names a version.</summary>
    public static async Task<RequestedVersion?> FindAsync(ProjectFiles files, CancellationToken cancellationToken)
    {
        foreach (var (name, pattern) in ((string, Regex)[])[("Gemfile.lock", Locked), (".tool-versions", Tool), ("Gemfile", Directive)])
            if (await files.ReadAsync(name, cancellationToken) is { } text && pattern.Match(text) is { Success: true } match)
                return new RequestedVersion(match.Groups[1].Value, name);
        return null;
    }

    [GeneratedRegex(@"^RUBY VERSION\r?\n\s+ruby (\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex Locked { get; }

    [GeneratedRegex(@"^ruby[ \t]+(\d+(\.\d+)*)", RegexOptions.Multiline)]
    private static partial Regex Tool { get; }

    [GeneratedRegex("""^[ \t]*ruby[ \t(]+['"](\d+(\.\d+)*)['"]""", RegexOptions.Multiline)]
    private static partial Regex Directive { get; }
}
