using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Runtimes;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Installs the packages of a static site before its build command runs, as Render does, with the package manager of the lock
/// file. A build command that installs them itself is left alone.
/// </summary>
internal static partial class DependencyInstall
{
    public const string Skip = "SKIP_INSTALL_DEPS";

    private static readonly (string LockFile, string Manager)[] LockFiles =
        [("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun")];

    /// <param name="directory">The root directory in the checkout.</param>
    /// <returns>The command that installs the packages; null if the build needs none.</returns>
    public static string? CommandFor(BuildRequest build, UsedToolchain toolchain, string directory)
    {
        bool Has(string file) => File.Exists(Path.Combine(directory, file));
        if (build.Runtime.Name != Toolchain.Static || toolchain.Kind == UsedToolchain.Default.Kind || !Has("package.json")
            || IsSkipped(build) || Installs.IsMatch(build.Command!))
            return null;
        return $"{LockFiles.FirstOrDefault(item => Has(item.LockFile)).Manager ?? "npm"} install";
    }

    private static bool IsSkipped(BuildRequest build) =>
        build.Environment.TryGetValue(Skip, out var value) && string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>npm ci</c>, <c>pnpm i</c>, <c>bun install</c>, or <c>yarn</c> alone.</summary>
    [GeneratedRegex(@"(?<![\w./-])((npm|pnpm|yarn|bun)\s+(--?\S+\s+)*(install|i|ci|add)(?![\w:-])|yarn\s*($|[;&|\n]|--?(frozen-lockfile|immutable)))")]
    private static partial Regex Installs { get; }
}
