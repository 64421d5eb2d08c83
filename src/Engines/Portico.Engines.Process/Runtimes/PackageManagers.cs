using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Portico.Core.Engines;
using Portico.Engines.Process.Runs;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Prepares yarn, pnpm or bun for a project that uses one, in the version of its <c>packageManager</c> field or one that can read its lock file.</summary>
internal sealed partial class PackageManagers(ToolchainStore store, RuntimeCatalog catalog)
{
    private const string Yarn = "yarn", Pnpm = "pnpm", Bun = "bun", Corepack = "corepack";

    private static readonly (string Name, string[] LockFiles)[] Known =
        [(Pnpm, ["pnpm-lock.yaml"]), (Yarn, ["yarn.lock"]), (Bun, ["bun.lock", "bun.lockb"])];

    /// <exception cref="RunFailure">The build command needs a package manager that is not installed and cannot be fetched.</exception>
    public async Task<UsedToolchain> AddAsync(
        UsedToolchain used, BuildRequest build, ProjectFiles files, Action<string> tell, CancellationToken cancellationToken)
    {
        if (IsNamed(build.Command, Corepack) && !IsHere(Corepack))
            used = await AddAsync(used, new Wanted(Corepack, Corepack, SemanticRange.Parse("^0")!, "the build command", Exact: false), build, tell, cancellationToken);
        if (await WantedAsync(build, files, cancellationToken) is not { } wanted)
            return used;
        return wanted.Exact || !IsHere(wanted.Name) ? await AddAsync(used, wanted, build, tell, cancellationToken) : used;
    }

    private async Task<UsedToolchain> AddAsync(
        UsedToolchain used, Wanted wanted, BuildRequest build, Action<string> tell, CancellationToken cancellationToken)
    {
        try
        {
            var (directory, version) = await store.GetAsync(wanted.Package, wanted.Range, cancellationToken);
            tell($"Using {wanted.Name} version {version} (from {wanted.Source})");
            return used with { Path = [.. used.Path, ToolchainStore.ProgramsOf(directory)], Fetched = [.. used.Fetched, directory] };
        }
        catch (RunFailure failure)
        {
            var problem = $"{wanted.Name} (from {wanted.Source}) is not installed and could not be fetched from the npm registry: {failure.Message}";
            // If only a lock file mentions it, the build may not need it.
            if (IsNamed(build.Command, wanted.Name))
                throw new RunFailure($"{problem} Try: npm install --global {wanted.Name}");
            tell(problem);
            return used;
        }
    }

    private static async Task<Wanted?> WantedAsync(BuildRequest build, ProjectFiles files, CancellationToken cancellationToken)
    {
        var field = await files.FieldAsync("package.json", ["packageManager"], cancellationToken);
        if (field is not null && Field.Match(field) is { Success: true } match && SemanticRange.Parse(match.Groups[2].Value) is { } exact)
            return new Wanted(match.Groups[1].Value, PackageOf(match.Groups[1].Value, match.Groups[2].Value[0] != '1'), exact, "packageManager in package.json", Exact: true);
        foreach (var (name, locks) in Known)
            if (locks.FirstOrDefault(files.Has) is { } file)
                return await ByLockAsync(name, file, files, cancellationToken);
        var named = Known.FirstOrDefault(item => IsNamed(build.Command, item.Name)).Name;
        return named is null ? null : new Wanted(named, PackageOf(named, modernYarn: false), Usual(named), "the build command", Exact: false);
    }

    private static async Task<Wanted> ByLockAsync(string name, string file, ProjectFiles files, CancellationToken cancellationToken)
    {
        var text = name == Bun ? "" : await files.ReadAsync(file, cancellationToken) ?? "";
        var modernYarn = name == Yarn && text.Contains("\n__metadata:", StringComparison.Ordinal);
        var range = name == Pnpm && LockVersion.Match(text) is { Success: true } match
            ? match.Groups[1].Value switch { "5" => "^7", "6" => "^8", _ => "^9" }
            : modernYarn ? "^4" : null;
        return new Wanted(name, PackageOf(name, modernYarn), range is null ? Usual(name) : SemanticRange.Parse(range)!, file, Exact: false);
    }

    private static SemanticRange Usual(string name) => SemanticRange.Parse(name switch { Yarn => "^1.22", Pnpm => "^9", _ => "^1" })!;

    private static string PackageOf(string name, bool modernYarn) => name switch
    {
        Yarn when modernYarn => "@yarnpkg/cli-dist",
        Bun when RuntimeInformation.OSArchitecture == Architecture.Arm64 => "@oven/bun-linux-aarch64",
        Bun => Avx2.IsSupported ? "@oven/bun-linux-x64" : "@oven/bun-linux-x64-baseline",
        _ => name,
    };

    private bool IsHere(string name)
    {
        try
        {
            return catalog.Resolve(name, catalog.PathFor(new WorkloadRuntime(Toolchain.Node))).Length > 0;
        }
        catch (MissingRuntimeException)
        {
            return false;
        }
    }

    /// <summary>Whether a command line names a program.</summary>
    public static bool IsNamed(string? command, string name) => command is not null && Regex.IsMatch(command, $@"(?<![\w./-]){name}(?![\w.-])");

    [GeneratedRegex(@"\A(yarn|pnpm|bun)@(\d{1,6}\.\d{1,6}\.\d{1,6})(\+[\w.-]+)?\z")]
    private static partial Regex Field { get; }

    [GeneratedRegex(@"\AlockfileVersion:\s*'?(\d+)")]
    private static partial Regex LockVersion { get; }

    private sealed record Wanted(string Name, string Package, SemanticRange Range, string Source, bool Exact);
}
