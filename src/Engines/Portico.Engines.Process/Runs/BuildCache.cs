using Portico.Core.Engines;
using Portico.Engines.Process.Accounts;
using Portico.Engines.Process.Sandboxes;
using Portico.Engines.Process.Workloads;
using Portico.Hosting;

namespace Portico.Engines.Process.Runs;

/// <summary>
/// Reuses the packages of an owner's last successful build in its next one. The cache is that build's artifact itself: nothing is
/// copied when a build ends, and only directories that are safe to reuse when one begins. They are copied, never linked, because
/// instances of the older build may still be running.
/// </summary>
internal sealed class BuildCache(EngineHome home, Artifacts artifacts, WorkloadTools tools)
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
            await DeleteTree.RunAsync(Path.Combine(home.BuildHome(owner), downloads), tools, cancellationToken);
        await PackageDownloads.DeleteAsync(home.BuildDownloads(owner), tools, cancellationToken);
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
    /// <param name="account">The account of the build.</param>
    /// <param name="more">Another directory in the root directory that this build can reuse.</param>
    /// <param name="kind">The kind of this build's toolchain. Code that was compiled for another kind cannot be reused.</param>
    /// <returns>The directories that were copied, and where they come from.</returns>
    public async Task<RestoredCache> RestoreAsync(
        string owner, Account account, string checkout, string rootDirectory, string kind, string? more, CancellationToken cancellationToken)
    {
        if (JsonFile.Read<CacheEntry>(Entry(owner)) is not { } entry || entry.RootDirectory != rootDirectory || (entry.Kind ?? kind) != kind)
            return RestoredCache.Nothing;
        var cached = home.Artifact(entry.Artifact);
        var from = ContainedPath.Resolve(home.Artifact(entry.Artifact), rootDirectory).Directory;
        var to = ContainedPath.Resolve(checkout, rootDirectory).Directory;
        if (from is null || to is null)
            return RestoredCache.Nothing;
        var restored = new List<string>();
        var extra = more is not null && IsRealDirectory(Path.Combine(from, more)) ? [more] : Array.Empty<string>();
        foreach (var directory in Find(from, "").Concat(extra))
            if (!Path.Exists(Path.Combine(to, directory)) && await CopyAsync(account, cached, checkout, Path.Combine(from, directory), Path.Combine(to, directory), cancellationToken))
                restored.Add(directory);
        var root = artifacts.ToolchainOf(entry.Artifact).BuiltInSandbox ? SandboxPaths.Source + from[RealPath.Resolve(cached)!.Length..] : from;
        return new RestoredCache(root, restored);
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
        foreach (var child in DirectoryEntries.Directories(here).Where(IsRealDirectory))
            if (!known.Any(name => name.Split('/')[0] == Path.GetFileName(child)) && !Path.GetFileName(child).StartsWith('.'))
                foreach (var found in Find(root, Path.Combine(relative, Path.GetFileName(child))))
                    yield return found;
    }

    private static bool IsRealDirectory(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };

    /// <summary>Copies a directory with the rights of the build's account, so that a link in it reaches only what a build can read.</summary>
    private async Task<bool> CopyAsync(Account account, string cached, string checkout, string from, string to, CancellationToken cancellationToken)
    {
        var view = tools.NewView();
        view.ShowTree(cached, writable: false);
        view.ShowTree(checkout, writable: true);
        await tools.RunAsync(account, view, "/", ["mkdir", "-p", "--", Path.GetDirectoryName(to)!], cancellationToken);
        var copied = await tools.RunAsync(account, view, "/", ["cp", "-a", "--reflink=auto", "-T", "--", from, to], cancellationToken);
        if (!copied.Succeeded)
            await DeleteTree.RunAsync(to, tools, cancellationToken);
        return copied.Succeeded;
    }

    /// <param name="Kind">Null in an entry of a version that had no kinds.</param>
    private sealed record CacheEntry(ArtifactId Artifact, string RootDirectory, string? Kind);
}

/// <param name="From">The root directory of the build that the directories come from, as that build saw it.</param>
internal sealed record RestoredCache(string From, IReadOnlyList<string> Directories)
{
    public static RestoredCache Nothing { get; } = new("", []);
}
