using Portico.Hosting;

namespace Portico.Cli.Sources;

/// <summary>The Git repository that a directory belongs to. Portico only reads it.</summary>
/// <param name="Top">Its top directory.</param>
/// <param name="Prefix">The deployed directory below that: empty, or for example <c>apps/web</c>.</param>
/// <param name="Objects">The path of its objects, which snapshots borrow; null when they cannot.</param>
/// <param name="ExcludeFile">Its own ignore rules, which are not part of its tree.</param>
/// <param name="Head">The commit that is checked out; null before the first one.</param>
/// <param name="IsComplete">Whether the repository has everything that <paramref name="Head"/> needs: false for shallow and partial clones.</param>
internal sealed record UserRepository(
    string Top, string Prefix, string? Objects, string ExcludeFile, string? Head, string? HeadTree, bool IsComplete)
{
    /// <returns>Null when the directory is not in a repository.</returns>
    public static async Task<UserRepository?> FindAsync(Git git, string directory, CancellationToken cancellationToken)
    {
        if (TopOf(directory) is not { } top)
            return null;
        // --show-prefix: with a broken .git, Git searches further up and finds an unrelated repository.
        var result = await git.TryRunAsync(
            top,
            ["rev-parse", "--show-prefix", "--show-object-format", "--git-path", "objects", "--git-path", "info/exclude", "--git-path", "shallow", "HEAD", "HEAD^{tree}"],
            cancellationToken: cancellationToken);
        var lines = result.Output.Split('\n');
        if (lines.Length < 5 || lines[0].Length > 0)
            return null;
        var objects = Path.GetFullPath(lines[2], top);
        var hasHead = result.Succeeded && lines.Length >= 7;
        return new UserRepository(
            top,
            Path.GetRelativePath(top, directory) is var prefix && prefix == "." ? "" : prefix,
            lines[1] == "sha1" && Directory.Exists(objects) ? objects : null,
            Path.GetFullPath(lines[3], top),
            hasHead ? lines[5] : null,
            hasHead ? lines[6] : null,
            !File.Exists(Path.GetFullPath(lines[4], top)) && !IsPartial(objects));
    }

    /// <summary>Returns the URL without credentials; null when there is none.</summary>
    public async Task<string?> OriginAsync(Git git, CancellationToken cancellationToken)
    {
        var result = await git.TryRunAsync(Top, ["config", "--get", "remote.origin.url"], cancellationToken: cancellationToken);
        var origin = result.Output.Trim();
        if (!result.Succeeded || origin.Length == 0)
            return null;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length > 0
            ? new UriBuilder(uri) { UserName = "", Password = "" }.Uri.ToString()
            : origin;
    }

    /// <returns>Null when a single commit is checked out.</returns>
    public async Task<string?> BranchAsync(Git git, CancellationToken cancellationToken)
    {
        var result = await git.TryRunAsync(Top, ["symbolic-ref", "--short", "-q", "HEAD"], cancellationToken: cancellationToken);
        return result.Succeeded ? result.Output.Trim() : null;
    }

    private static string? TopOf(string directory)
    {
        for (var at = directory; at is not null; at = Path.GetDirectoryName(at))
        {
            var mark = Path.Combine(at, ".git");
            if (File.Exists(mark) || Directory.Exists(mark))
                return at;
        }
        return null;
    }

    private static bool IsPartial(string objects)
    {
        var packs = Path.Combine(objects, "pack");
        return DirectoryEntries.Files(packs, "*.promisor").Length > 0;
    }
}
