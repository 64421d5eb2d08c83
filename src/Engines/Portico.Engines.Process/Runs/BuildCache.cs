using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Reuses the packages of an owner's last successful build in its next one. The cache is that build's artifact itself: nothing is
/// copied when a build ends, and only directories that are safe to reuse when one begins. They are copied, never linked, because
/// instances of the older build may still be running.
/// </summary>
internal sealed class BuildCache(EngineHome home, Account account)
{
    private const int DeepestDirectory = 4;

    private static readonly string[] Directories = ["node_modules", "vendor/bundle", "target", "deps", "_build", ".next/cache"];

    /// <summary>Directories in a home in which package managers cache their downloads.</summary>
    private static readonly string[] Downloads =
    [
        ".npm/_cacache", ".cache/yarn", ".cache/pip", ".cache/pnpm", ".cache/go-build", ".cache/uv", ".local/share/pnpm/store",
        ".cargo/registry", "go/pkg/mod", ".nuget/packages", ".bun/install/cache",
    ];

    public async Task DeleteDownloadsAsync(string owner, CancellationToken cancellationToken)
    {
        foreach (var downloads in Downloads)
            await DeleteTree.RunAsync(Path.Combine(home.OwnerHome(owner), downloads), account, cancellationToken);
        await DeleteTree.RunAsync(home.OwnerDownloads(owner), account, cancellationToken);
    }

    /// <summary>Records the artifact whose packages the owner's next build reuses.</summary>
    /// <returns>The artifact that it replaces.</returns>
    /// <param name="kind">The kind of the toolchain that it was built with.</param>
    public ArtifactId? Remember(string owner, ArtifactId artifact, string rootDirectory, string kind)
    {
        EngineHome.MakePrivate(home.OwnerCache(owner));
        var before = Current(owner);
        JsonFile.WriteUnflushed(Entry(owner), new CacheEntry(artifact, rootDirectory, kind));
        return before;
    }

    public bool IsCache(string owner, ArtifactId artifact) => Current(owner) == artifact;

    public ArtifactId? Current(string owner) => JsonFile.Read<CacheEntry>(Entry(owner))?.Artifact;

    /// <summary>Copies cached directories into a fresh checkout. It never replaces files of the commit.</summary>
    /// <param name="more">Another directory in the root directory that this build can reuse.</param>
    /// <param name="kind">The kind of this build's toolchain. Code that was compiled for another kind cannot be reused.</param>
    /// <returns>The directories that were copied, and where they come from.</returns>
    public async Task<RestoredCache> RestoreAsync(string owner, string checkout, string rootDirectory, string kind, string? more, CancellationToken cancellationToken)
    {
        if (JsonFile.Read<CacheEntry>(Entry(owner)) is not { } entry || entry.RootDirectory != rootDirectory || (entry.Kind ?? kind) != kind)
            return RestoredCache.Nothing;
        var from = ContainedPath.Resolve(home.Artifact(entry.Artifact), rootDirectory).Directory;
        var to = ContainedPath.Resolve(checkout, rootDirectory).Directory;
        if (from is null || to is null)
            return RestoredCache.Nothing;
        var restored = new List<string>();
        var extra = more is not null && IsRealDirectory(Path.Combine(from, more)) ? [more] : Array.Empty<string>();
        foreach (var directory in Find(from, "").Concat(extra))
            if (!Path.Exists(Path.Combine(to, directory)) && await CopyAsync(from, to, directory, cancellationToken))
                restored.Add(directory);
        return new RestoredCache(from, restored);
    }

    private string Entry(string owner) => Path.Combine(home.OwnerCache(owner), "cache.json");

    private static IEnumerable<string> Find(string root, string relative)
    {
        var here = Path.Combine(root, relative);
        var known = Directories.Where(name => IsRealDirectory(Path.Combine(here, name))).ToArray();
        foreach (var name in known)
            yield return Path.Combine(relative, name);
        if (relative.Count(c => c == '/') >= DeepestDirectory)
            yield break;
        foreach (var child in Directory.EnumerateDirectories(here).Where(IsRealDirectory))
            if (!known.Any(name => name.Split('/')[0] == Path.GetFileName(child)) && !Path.GetFileName(child).StartsWith('.'))
                foreach (var found in Find(root, Path.Combine(relative, Path.GetFileName(child))))
                    yield return found;
    }

    private static bool IsRealDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    /// <summary>Copies a directory with the account's rights, so that a link in it reaches only what the account can read.</summary>
    private async Task<bool> CopyAsync(string from, string to, string directory, CancellationToken cancellationToken)
    {
        var parent = Path.GetDirectoryName(Path.Combine(to, directory))!;
        await Tool.RunAsync([.. account.Prefix, "mkdir", "-p", "--", parent], cancellationToken);
        var copied = await Tool.RunAsync(
            [.. account.Prefix, "cp", "-a", "--reflink=auto", "-T", "--", Path.Combine(from, directory), Path.Combine(to, directory)], cancellationToken);
        if (!copied.Succeeded)
            await DeleteTree.RunAsync(Path.Combine(to, directory), account, cancellationToken);
        return copied.Succeeded;
    }

    /// <param name="Kind">Null in an entry of a version that had no kinds.</param>
    private sealed record CacheEntry(ArtifactId Artifact, string RootDirectory, string? Kind);
}

/// <param name="From">The root directory of the build that the directories come from.</param>
internal sealed record RestoredCache(string From, IReadOnlyList<string> Directories)
{
    public static RestoredCache Nothing { get; } = new("", []);
}
