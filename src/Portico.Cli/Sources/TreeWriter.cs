using System.Text;

namespace Portico.Cli.Sources;

/// <summary>
/// Writes a directory into a store as a Git tree. Repositories inside the directory become plain files: a build
/// gets the directory as it is, and could not fetch them from anywhere.
/// </summary>
internal sealed class TreeWriter(Git git, SnapshotStore store, string? borrowedObjects, string? notThis)
{
    private const int DeepestNesting = 8;

    /// <param name="top">The directory where ignore rules start.</param>
    /// <param name="prefix">The subdirectory to write; empty for all.</param>
    /// <param name="index">A Git index that makes the next run fast.</param>
    public async Task<string> WriteAsync(string top, string prefix, string index, CancellationToken cancellationToken) =>
        await WriteAsync(top, prefix, index, 0, cancellationToken);

    /// <summary>Reads the tracked files from a commit, so that files which are committed although ignored are included.</summary>
    public Task SeedAsync(string top, string commit, CancellationToken cancellationToken) =>
        RunAsync(top, store.Index, File.Exists(store.Index) ? ["read-tree", "-m", commit] : ["read-tree", commit], null, cancellationToken);

    private async Task<string> WriteAsync(string top, string prefix, string index, int depth, CancellationToken cancellationToken)
    {
        var nested = await AddAsync(top, prefix, index, cancellationToken);
        nested.UnionWith(await LinksAsync(top, index, cancellationToken));
        nested.RemoveWhere(path => !IsBelow(prefix, path) || !Path.Exists(Path.Combine(top, path, ".git")));
        if (depth < DeepestNesting && nested.Count > 0)
            index = await WithNestedAsync(top, index, nested, depth, cancellationToken);
        string[] arguments = prefix.Length == 0 ? ["write-tree"] : ["write-tree", $"--prefix={prefix}/"];
        return (await RunAsync(top, index, arguments, null, cancellationToken)).Trim();
    }

    /// <returns>The nested repositories that Git refuses to add because they have no commit.</returns>
    private async Task<HashSet<string>> AddAsync(string top, string prefix, string index, CancellationToken cancellationToken)
    {
        var scope = prefix.Length == 0 ? "." : $":(top,literal){prefix}";
        var first = await git.TryRunAsync(top, AddArguments(top, scope, []), Environment(top, index), null, cancellationToken);
        if (first.Succeeded)
            return [];
        var refused = await UnaddedRepositoriesAsync(top, index, cancellationToken);
        if (refused.Count == 0)
            throw new GitException(first.Error.Trim());
        await RunAsync(top, index, AddArguments(top, scope, refused), null, cancellationToken);
        return refused;
    }

    private List<string> AddArguments(string top, string scope, IEnumerable<string> without)
    {
        List<string> arguments = ["add", "--all", "--", scope, .. without.Select(path => $":(top,exclude,literal){path}")];
        if (notThis is not null && Path.GetRelativePath(top, notThis) is var inside && !inside.StartsWith("..", StringComparison.Ordinal))
            arguments.Add($":(top,exclude,literal){inside}");
        return arguments;
    }

    // Git lists an untracked repository as a path that ends with a slash.
    private async Task<HashSet<string>> UnaddedRepositoriesAsync(string top, string index, CancellationToken cancellationToken)
    {
        var output = await RunAsync(top, index, ["ls-files", "--others", "--exclude-standard", "-z"], null, cancellationToken);
        return [.. output.Split('\0').Where(path => path.EndsWith('/')).Select(path => path.TrimEnd('/'))];
    }

    private async Task<IEnumerable<string>> LinksAsync(string top, string index, CancellationToken cancellationToken)
    {
        var output = await RunAsync(top, index, ["ls-files", "--stage", "-z"], null, cancellationToken);
        return output.Split('\0')
            .Where(entry => entry.StartsWith("160000 ", StringComparison.Ordinal))
            .Select(entry => entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..]);
    }

    private async Task<string> WithNestedAsync(
        string top, string index, HashSet<string> nested, int depth, CancellationToken cancellationToken)
    {
        var whole = index + "-whole";
        File.Copy(index, whole, overwrite: true);
        await RunAsync(top, whole, ["update-index", "--force-remove", "-z", "--stdin"], string.Concat(nested.Select(path => path + '\0')), cancellationToken);
        foreach (var path in nested.Order(StringComparer.Ordinal))
        {
            var name = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(path));
            var nestedIndex = $"{index}-{name[^Math.Min(name.Length, 60)..]}";
            var tree = await WriteAsync(Path.Combine(top, path), "", nestedIndex, depth + 1, cancellationToken);
            await RunAsync(top, whole, ["read-tree", $"--prefix={path}/", tree], null, cancellationToken);
        }
        return whole;
    }

    private static bool IsBelow(string prefix, string path) =>
        prefix.Length == 0 || path.StartsWith(prefix + "/", StringComparison.Ordinal);

    private Task<string> RunAsync(
        string top, string index, IReadOnlyList<string> arguments, string? input, CancellationToken cancellationToken) =>
        git.RunAsync(top, arguments, Environment(top, index), input, cancellationToken);

    private Dictionary<string, string> Environment(string top, string index)
    {
        var environment = new Dictionary<string, string>
        {
            ["GIT_DIR"] = store.Folder,
            ["GIT_WORK_TREE"] = top,
            ["GIT_INDEX_FILE"] = index,
        };
        if (borrowedObjects is not null)
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = Quote(borrowedObjects);
        return environment;
    }

    /// <summary>Quotes a path for a list that Git splits at colons.</summary>
    internal static string Quote(string path) =>
        $"\"{path.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
