using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Hosting;

namespace Portico.Cli.Sources;

/// <summary>
/// Commits a directory as it is, whether it is a Git repository or not, and uploads the commit.
/// The same content gives the same commit; a clean repository gives the commit that is checked out.
/// </summary>
internal sealed class Snapshotter(Git git, PlatformPaths paths, TimeProvider time)
{
    private const string Ref = "refs/heads/portico";

    // Directories that tools create and can recreate; no deploy needs them.
    private static readonly string[] AlwaysIgnored = ["node_modules/", ".venv/", "__pycache__/", ".DS_Store"];

    private static readonly Dictionary<string, string> Identity = new()
    {
        ["GIT_AUTHOR_NAME"] = "Portico",
        ["GIT_AUTHOR_EMAIL"] = "portico@localhost",
        ["GIT_AUTHOR_DATE"] = "2020-01-01T00:00:00Z",
        ["GIT_COMMITTER_NAME"] = "Portico",
        ["GIT_COMMITTER_EMAIL"] = "portico@localhost",
        ["GIT_COMMITTER_DATE"] = "2020-01-01T00:00:00Z",
    };

    /// <exception cref="CliException">The directory cannot be read.</exception>
    public async Task<SourceSnapshot> TakeAsync(string directory, CancellationToken cancellationToken)
    {
        var real = Resolve(directory);
        var repository = await UserRepository.FindAsync(git, real, cancellationToken);
        var origin = repository is { Prefix: "" } ? repository.OriginAsync(git, cancellationToken) : Task.FromResult<string?>(null);
        var branch = repository?.BranchAsync(git, cancellationToken) ?? Task.FromResult<string?>(null);
        var store = new SnapshotStore(git, paths, real, time);
        using (await store.LockAsync(cancellationToken))
        {
            var commit = await CommitAsync(store, repository, real, cancellationToken);
            return new SourceSnapshot(commit, await origin, await branch);
        }
    }

    /// <summary>Uploads the objects of a commit that the server does not have.</summary>
    /// <exception cref="CliException">The commit cannot be packed.</exception>
    public async Task UploadAsync(PlatformClient client, string directory, string commit, CancellationToken cancellationToken)
    {
        var real = Resolve(directory);
        var repository = await UserRepository.FindAsync(git, real, cancellationToken);
        var store = new SnapshotStore(git, paths, real, time);
        using var hold = await store.LockAsync(cancellationToken);
        var memory = SnapshotState.Read(store.MemoryFile);
        var known = memory.Uploaded.Length > 0 && memory.Uploaded != commit && await client.HasSourceAsync(memory.Uploaded, cancellationToken)
            ? memory.Uploaded
            : null;
        var bundle = await BundleOrExplainAsync(store, repository?.Objects, commit, known, cancellationToken);
        await using (var file = new FileStream(bundle, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.DeleteOnClose))
            await client.UploadSourceAsync(commit, file, cancellationToken);
        (memory with { Uploaded = commit }).Write(store.MemoryFile);
    }

    private async Task<string> CommitAsync(SnapshotStore store, UserRepository? repository, string real, CancellationToken cancellationToken)
    {
        try
        {
            return await TryCommitAsync(store, repository, real, cancellationToken);
        }
        catch (GitException)
        {
            // The cache may be damaged, or Git may have collected objects that it borrows: retry from an empty cache.
            store.Delete();
        }
        try
        {
            return await TryCommitAsync(store, repository, real, cancellationToken);
        }
        catch (GitException error)
        {
            throw new CliException($"Cannot read the source in {real}: {error.Message}");
        }
    }

    private async Task<string> TryCommitAsync(SnapshotStore store, UserRepository? repository, string real, CancellationToken cancellationToken)
    {
        await store.PrepareAsync(cancellationToken);
        WriteExcludes(store, repository);
        var memory = SnapshotState.Read(store.MemoryFile);
        var writer = new TreeWriter(git, store, repository?.Objects, RealPath.Resolve(paths.Home));
        if (repository is { Objects: not null, Head: { } head } && head != memory.SeededFrom)
        {
            await writer.SeedAsync(repository.Top, head, cancellationToken);
            memory = memory with { SeededFrom = head };
        }
        var tree = await TreeAsync(writer, store, repository, real, cancellationToken);
        if (repository is { Prefix: "", IsComplete: true, Objects: not null, Head: not null } && repository.HeadTree == tree)
        {
            memory.Write(store.MemoryFile);
            return repository.Head;
        }
        if (tree != memory.Tree)
            memory = memory with { Tree = tree, Commit = await CommitTreeAsync(store, tree, repository?.Objects, cancellationToken) };
        memory.Write(store.MemoryFile);
        return memory.Commit;
    }

    private static async Task<string> TreeAsync(
        TreeWriter writer, SnapshotStore store, UserRepository? repository, string real, CancellationToken cancellationToken)
    {
        if (repository is null)
            return await writer.WriteAsync(real, "", store.Index, cancellationToken);
        try
        {
            return await writer.WriteAsync(repository.Top, repository.Prefix, store.Index, cancellationToken);
        }
        catch (GitException) when (repository.Prefix.Length > 0)
        {
            // The repository ignores this whole directory, so treat it as one without a repository.
            return await writer.WriteAsync(real, "", store.Index + "-alone", cancellationToken);
        }
    }

    private async Task<string> CommitTreeAsync(SnapshotStore store, string tree, string? objects, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(Identity);
        Locate(environment, store, objects);
        return (await git.RunAsync("/", ["commit-tree", "-m", "Snapshot of a directory", tree], environment, null, cancellationToken)).Trim();
    }

    /// <param name="known">A commit that the server already has; its objects are left out.</param>
    private async Task<string> BundleAsync(
        SnapshotStore store, string? objects, string commit, string? known, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>();
        Locate(environment, store, objects);
        var file = Path.Combine(store.Folder, "upload.bundle");
        await git.RunAsync("/", ["update-ref", Ref, commit], environment, null, cancellationToken);
        if (known is not null
            && await git.TryRunAsync("/", ["bundle", "create", "--quiet", file, Ref, "^" + known], environment, null, cancellationToken) is { Succeeded: true })
            return file;
        await git.RunAsync("/", ["bundle", "create", "--quiet", file, Ref], environment, null, cancellationToken);
        return file;
    }

    private async Task<string> BundleOrExplainAsync(
        SnapshotStore store, string? objects, string commit, string? known, CancellationToken cancellationToken)
    {
        try
        {
            return await BundleAsync(store, objects, commit, known, cancellationToken);
        }
        catch (GitException error)
        {
            throw new CliException(
                $"Cannot pack commit {commit[..10]} for upload: {error.Message}",
                "Check the repository for damage with `git fsck`.");
        }
    }

    private static void Locate(Dictionary<string, string> environment, SnapshotStore store, string? objects)
    {
        environment["GIT_DIR"] = store.Folder;
        if (objects is not null)
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = TreeWriter.Quote(objects);
    }

    private static void WriteExcludes(SnapshotStore store, UserRepository? repository)
    {
        var own = repository is not null && File.Exists(repository.ExcludeFile) ? File.ReadAllText(repository.ExcludeFile) : "";
        var text = string.Join('\n', AlwaysIgnored) + "\n" + own;
        if (!File.Exists(store.ExcludeFile) || File.ReadAllText(store.ExcludeFile) != text)
            File.WriteAllText(store.ExcludeFile, text);
    }

    private static string Resolve(string directory) =>
        RealPath.Resolve(directory) ?? throw new CliException($"The directory {directory} does not exist.", null, ExitCode.Usage);
}
