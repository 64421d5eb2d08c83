namespace Portico.ControlPlane.Sources;

/// <summary>Replaces pointers with their files, from uploads on this platform and from the server of the repository.</summary>
internal sealed class LfsPlacement(SourceStore store, LfsStore here, LfsServers servers, LfsObjects elsewhere)
{
    /// <param name="index">The index of the commit's tree, which is changed.</param>
    /// <exception cref="GitException">A file could not be found or downloaded.</exception>
    internal async Task PutAsync(TreeAssembly work, TreeOrigin place, string commit, IReadOnlyList<TreeEntry> entries, GitIndex index, CancellationToken cancellationToken)
    {
        var path = store.GitOf(work.Repository);
        var paths = (await GitLfs.PointersAsync(path, commit, cancellationToken)).ToHashSet();
        if (paths.Count == 0)
            return;
        var files = entries.Where(entry => entry.IsFile && paths.Contains(entry.Path)).ToList();
        var pointers = await GitLfs.ReadAsync(path, files, cancellationToken);
        if (pointers.Values.Sum(pointer => pointer.Size) > LfsObjects.MostBytes)
            throw new GitException($"its files in Git LFS are larger than {LfsObjects.MostBytes >> 30} GB.");
        var blobs = place.Hosted is { } hosted ? await HereAsync(path, hosted, pointers, cancellationToken) : [];
        if (blobs.Count > 0)
            work.Say($"==> Files from Git LFS on this platform: {blobs.Count}");
        var missing = pointers.Where(item => !blobs.ContainsKey(item.Key)).ToDictionary();
        if (missing.Count > 0 && await servers.FindAsync(work, place, commit, cancellationToken) is { } server)
        {
            work.Say($"==> Files from Git LFS at {server.Url}: {missing.Count}");
            foreach (var (pointer, blob) in await elsewhere.FetchAsync(path, server, missing, cancellationToken))
                blobs[pointer] = blob;
        }
        else if (missing.Count > 0)
            Leave(work, place, [.. files.Where(file => missing.ContainsKey(file.Object)).Select(file => place.Path + file.Path)]);
        await index.PutFilesAsync(
            files.Where(file => blobs.ContainsKey(file.Object)).Select(file => file with { Object = blobs[file.Object] }), cancellationToken);
    }

    /// <summary>
    /// Leaves pointers without files. If files were uploaded here before, the missing ones are an error; otherwise the build
    /// gets pointers.
    /// </summary>
    private void Leave(TreeAssembly work, TreeOrigin place, IReadOnlyList<string> paths)
    {
        if (place.Hosted is { } hosted && here.HasAny(hosted))
            throw new GitException($"{GitLfs.Named(paths)} stored in Git LFS but not uploaded here. Run git lfs push --all REMOTE in a clone that has the content, then deploy again.");
        work.Say(GitLfs.Describe(paths));
        work.IsPartial = true;
    }

    /// <returns>The blob of the file for each pointer's blob.</returns>
    private async Task<Dictionary<string, string>> HereAsync(
        GitRepository path, string hosted, IReadOnlyDictionary<string, LfsPointer> pointers, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, string>();
        foreach (var (blob, pointer) in pointers)
            if (here.Find(hosted, pointer.Oid, pointer.Size) is { } file)
                blobs[blob] = await GitLfs.AddAsync(path, file, cancellationToken);
        return blobs;
    }
}
