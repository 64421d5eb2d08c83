namespace Portico.ControlPlane.Sources;

/// <summary>A tree that is being modified, independently of other work in its repository.</summary>
/// /// <param name="name">A name that no concurrent caller uses.</param>
internal sealed class GitIndex(GitRepository repository, string name) : IDisposable
{
    private readonly string _file = Path.Combine(repository.Path, $"{name}.index");

    /// <summary>Loads a tree or the tree of a commit.</summary>
    public Task ReadAsync(string tree, CancellationToken cancellationToken)
    {
        // A crash may have left them.
        Dispose();
        return RunAsync(["read-tree", tree], null, cancellationToken);
    }

    /// <summary>Replaces a submodule with a tree.</summary>
    public async Task PutTreeAsync(string path, string tree, CancellationToken cancellationToken)
    {
        await RunAsync(["update-index", "-z", "--index-info"], $"0 {new string('0', tree.Length)}\t{path}\0", cancellationToken);
        // Git knows no empty directories.
        if ((await GitCommand.RunAsync(repository, ["ls-tree", tree], cancellationToken)).Length > 0)
            await RunAsync(["read-tree", $"--prefix={path}/", tree], null, cancellationToken);
    }

    /// <summary>Changes the content of files.</summary>
    public Task PutFilesAsync(IEnumerable<TreeEntry> files, CancellationToken cancellationToken) =>
        RunAsync(["update-index", "-z", "--index-info"], string.Concat(files.Select(file => $"{file.Mode} {file.Object}\t{file.Path}\0")), cancellationToken);

    /// <returns>The id of the resulting tree.</returns>
    public async Task<string> WriteAsync(CancellationToken cancellationToken) => (await RunAsync(["write-tree"], null, cancellationToken)).Trim();

    public void Dispose()
    {
        File.Delete(_file);
        File.Delete($"{_file}.lock");
    }

    /// <remarks>Git requires a working directory but does not use it here.</remarks>
    private Task<string> RunAsync(IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken) => GitCommand.RunAsync(
        repository, arguments, cancellationToken,
        options: new GitOptions([new("GIT_INDEX_FILE", _file), new("GIT_WORK_TREE", repository.Path)], input));
}
