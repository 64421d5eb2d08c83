using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portico.Core.Engines;
using Portico.Core.Sources;
using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <summary>The bare Git repositories on this machine: one for uploads, one per remote, and the hosted ones.</summary>
/// <param name="reserve">What must stay free on the disk; null for nothing.</param>
/// <param name="confinement">What confines git to a repository; null for nothing.</param>
internal sealed partial class SourceStore(string directory, DiskReserve? reserve, TimeProvider time, IToolConfinement? confinement = null)
{
    // From the question whether a commit is here to the deploy that needs it.
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _askedFor = new();

    // A commit that is here stays here, until it is pruned: git need not be asked again.
    private readonly ConcurrentDictionary<(string Repository, string Commit), bool> _seen = new();

    // Git lets one process at a time fetch into a shallow repository, and fails the others. So nobody else's locks can be there.
    private readonly KeyedLock _changing = new();

    private readonly GitWriting _writing = new(reserve, time);

    private readonly GitObjects _objects = new(time);

    private const string UploadsPrefix = "uploads";

    private const string NoShallow = "dumb http transport does not support shallow";

    private const string HostedPrefix = "repo-";
    private const int WorkspaceIdLength = 24;

    public string PathOf(string repository) => Path.Combine(directory, repository);

    public GitRepository GitOf(string repository) => new(PathOf(repository)) { Confinement = confinement };

    /// <summary>Returns the name of a workspace's mirror of a remote. Workspaces share none: the permission to fetch is a workspace's own.</summary>
    public static string MirrorOf(string url, string workspace) =>
        $"remote-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{url}")))[..24]}.git";

    /// <summary>Returns the name of the repository of the commits that a workspace's users uploaded.</summary>
    public static string UploadsOf(string workspace) => $"{UploadsPrefix}-{workspace}.git";

    /// <summary>Whether the commits of a repository were uploaded.</summary>
    public static bool IsUploads(string? repository) => repository?.StartsWith(UploadsPrefix, StringComparison.Ordinal) == true;

    public async Task<bool> ContainsAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit) || !IsWhole(PathOf(repository)))
            return false;
        _askedFor[commit] = time.GetUtcNow();
        if (_seen.ContainsKey((repository, commit)))
            return true;
        // The ref is made after the objects have arrived, so it proves that all of them have.
        if (await _objects.FindAsync(GitOf(repository), Ref(commit), cancellationToken) is null)
            return false;
        _seen[(repository, commit)] = true;
        return true;
    }

    /// <summary>Imports a Git bundle that contains the commit into a workspace's uploads.</summary>
    /// <param name="require">Called with the number of bytes that are about to be written. It throws if they may not be.</param>
    /// <exception cref="GitException">The data is not a bundle, or the commit is not in it.</exception>
    public async Task ImportAsync(string workspace, string commit, Stream bundle, Action<long> require, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit))
            throw new GitException($"'{commit}' is not a full commit id.");
        _askedFor[commit] = time.GetUtcNow();
        var uploads = UploadsOf(workspace);
        Directory.CreateDirectory(PathOf(uploads));
        BundleUpload.RemoveOld(PathOf(uploads), time);
        var file = Path.Combine(PathOf(uploads), $"{BundleUpload.Prefix}{Path.GetRandomFileName()}");
        try
        {
            await BundleUpload.SaveAsync(bundle, commit, file, require, cancellationToken);
            using var turn = await TakeTurnAsync(uploads, cancellationToken);
            var repository = await CreateAsync(uploads, cancellationToken);
            await _writing.RunAsync(repository, token => GitCommand.RunAsync(repository, ["bundle", "unbundle", file], token), cancellationToken);
            await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Returns the directory name of a hosted repository.</summary>
    public static string HostedOf(string workspace, string name) => $"{HostedPrefix}{workspace}-{name}.git";

    /// <summary>Returns the workspace of a hosted repository.</summary>
    public static string WorkspaceOf(string hosted) => hosted.Substring(HostedPrefix.Length, WorkspaceIdLength);

    /// <summary>Returns the name that <see cref="HostedOf"/> was called with; null for a mirror or the uploads.</summary>
    public static string? NameOf(string repository) => repository.StartsWith(HostedPrefix, StringComparison.Ordinal)
        ? repository[(HostedPrefix.Length + WorkspaceIdLength + 1)..^".git".Length]
        : null;

    /// <summary>Returns all hosted repositories, with names as in <see cref="HostedOf"/>.</summary>
    public IReadOnlyList<string> Hosted() =>
        [.. DirectoryEntries.Directories(directory, $"{HostedPrefix}*.git").Select(path => Path.GetFileName(path)!)];

    private IEnumerable<string> Uploads() =>
        DirectoryEntries.Directories(directory, $"{UploadsPrefix}*.git").Select(path => Path.GetFileName(path)!);

    /// <summary>Creates an empty repository if it does not exist.</summary>
    public async Task EnsureAsync(string repository, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await CreateAsync(repository, cancellationToken);
    }

    /// <summary>Removes a hosted repository.</summary>
    public async Task RemoveAsync(string repository, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        MirrorSweep.Remove(directory, repository);
        Forget(repository);
        await MirrorSweep.FinishRemovalsAsync(directory, cancellationToken);
    }

    /// <summary>Protects an existing commit from removal, wherever its branches move.</summary>
    public async Task KeepAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        _askedFor[commit] = time.GetUtcNow();
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await GitCommand.RunAsync(GitOf(repository), ["update-ref", Ref(commit), commit], cancellationToken);
        _seen[(repository, commit)] = true;
    }

    /// <summary>Returns the commit at the tip of a local branch; null if it does not exist.</summary>
    /// <param name="branch">The branch; null for the default branch.</param>
    public async Task<string?> LocalTipAsync(string repository, string? branch, CancellationToken cancellationToken)
    {
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        return (await _objects.FindAsync(GitOf(repository), $"{wanted}^{{commit}}", cancellationToken))?.Id;
    }

    /// <summary>Returns the text of a file in a commit; null if there is no such file. Symbolic links are followed inside the repository.</summary>
    /// <exception cref="GitException">The file is too large.</exception>
    public async Task<string?> ReadTextAsync(string repository, string commit, string path, int largest, CancellationToken cancellationToken)
    {
        if (await TreeFile.FindAsync(_objects, GitOf(repository), commit, path, cancellationToken) is not { } file)
            return null;
        if (file.Bytes > largest)
            throw new GitException($"{path} is larger than {largest >> 20} MB.");
        return await _objects.ReadAsync(GitOf(repository), file.Object, cancellationToken) is { } content
            ? Encoding.UTF8.GetString(content) : throw new GitException($"{path} could not be read.");
    }

    /// <summary>Looks up a branch of a remote without fetching it.</summary>
    /// <param name="mirror">The name of the remote's mirror.</param>
    /// <param name="branch">The branch; null for the remote's default branch.</param>
    public async Task<RemoteTip> LookAsync(string mirror, string? branch, GitRemote remote, CancellationToken cancellationToken)
    {
        using (await TakeTurnAsync(mirror, cancellationToken))
            await CreateAsync(mirror, cancellationToken);
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        var result = await GitCommand.TryAsync(
            GitOf(mirror), ["ls-remote", "--quiet", "--end-of-options", remote.Url, wanted], cancellationToken, remote);
        if (result.ExitCode != 0)
            return new RemoteTip(null, result.Error.Trim());
        var commit = result.Output.Split('\t')[0];
        return new RemoteTip(IsCommit(commit) ? commit : null, null);
    }

    /// <summary>Fetches a branch of a remote.</summary>
    /// <param name="mirror">The name of the remote's mirror.</param>
    /// <param name="branch">The branch; null for the remote's default branch.</param>
    /// <returns>The commit at its tip.</returns>
    public async Task<string> FetchAsync(string mirror, string? branch, GitRemote remote, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(mirror, cancellationToken);
        var repository = await CreateAsync(mirror, cancellationToken);
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        await BoundedAsync(repository, token => FetchIntoAsync(repository, $"+{wanted}:refs/portico/tip", remote, token), cancellationToken);
        var commit = (await GitCommand.RunAsync(repository, ["rev-parse", "--verify", "refs/portico/tip^{commit}"], cancellationToken)).Trim();
        await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        return commit;
    }

    /// <summary>Fetches one commit of a remote, independently of branches.</summary>
    /// <param name="mirror">The name of the remote's mirror.</param>
    /// <exception cref="GitException">The remote does not have the commit, or does not allow fetching single commits.</exception>
    public async Task FetchCommitAsync(string mirror, string commit, GitRemote remote, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit))
            throw new GitException($"'{commit}' is not a full commit id.");
        using var turn = await TakeTurnAsync(mirror, cancellationToken);
        var repository = await CreateAsync(mirror, cancellationToken);
        await BoundedAsync(repository, token => FetchIntoAsync(repository, commit, remote, token), cancellationToken);
        await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
    }

    /// <summary>Fetches only the newest commit, or the whole history if the remote is a static web server.</summary>
    internal static async Task<string> FetchIntoAsync(
        GitRepository repository, string what, GitRemote remote, CancellationToken cancellationToken, GitOptions? options = null)
    {
        string[] fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"];
        var result = await GitCommand.TryAsync(
            repository, [.. fetch, "--depth=1", "--end-of-options", remote.Url, what], cancellationToken, remote, options);
        if (result.ExitCode != 0 && result.Error.Contains(NoShallow, StringComparison.Ordinal))
            result = await GitCommand.TryAsync(repository, [.. fetch, "--end-of-options", remote.Url, what], cancellationToken, remote, options);
        return result.ExitCode == 0 ? result.Output : throw new GitException(result.Error.Trim());
    }

    /// <summary>Fetches into a repository, until the disk's reserve would be used up.</summary>
    /// <exception cref="GitException">It would be, or <paramref name="fetch"/> threw it.</exception>
    internal async Task<T> BoundedAsync<T>(GitRepository repository, Func<CancellationToken, Task<T>> fetch, CancellationToken cancellationToken)
    {
        try
        {
            return await _writing.RunAsync(repository, fetch, cancellationToken);
        }
        catch (DiskReserveException exception)
        {
            throw new GitException(exception.Message, exception);
        }
    }

    /// <summary>Returns the description of a local commit.</summary>
    public async Task<CommitDescription> DescribeAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        var text = (await FactAsync(repository, $"{commit} text", async () => await TextAsync(GitOf(repository), commit, cancellationToken)))!;
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return CommitText.Describe(text[(end + 1)..], long.Parse(text.AsSpan(0, end), CultureInfo.InvariantCulture));
    }

    /// <summary>Returns the seconds since 1970 and the message of a commit, on lines of their own.</summary>
    private async Task<string> TextAsync(GitRepository repository, string commit, CancellationToken cancellationToken)
    {
        var isHuge = (await _objects.FindAsync(repository, $"{commit}^{{commit}}", cancellationToken))?.Bytes > CommitText.LargestCommit;
        if (!isHuge && await _objects.ReadAsync(repository, $"{commit}^{{commit}}", cancellationToken) is { } content && CommitText.Parse(content) is { } read)
            return string.Create(CultureInfo.InvariantCulture, $"{read.At.ToUnixTimeSeconds()}\n{read.Message}");
        var format = isHuge ? "--format=%ct%n" : "--format=%ct%n%B";
        return await GitCommand.RunAsync(repository, ["show", "--no-patch", "--no-show-signature", format, "--end-of-options", commit], cancellationToken);
    }

    /// <summary>Returns the names of the repositories to which commits are uploaded or pushed.</summary>
    public IReadOnlyList<string> WithOwnCommits() => [.. Uploads(), .. Hosted()];

    /// <summary>Removes a repository's uploaded or pushed commits that are neither needed nor recently used, and frees their space.</summary>
    public async Task PruneAsync(string name, IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        var repository = GitOf(name);
        ForgetOldQuestions();
        // Parts serve the next whole tree; what is being put together now must not lose its own.
        using var parts = _changing.TryTake(PartsOf(name));
        using var turn = await TakeTurnAsync(name, cancellationToken);
        // The first upload comes before its repository.
        if (!IsWhole(repository.Path))
            return;
        var listing = await GitCommand.RunAsync(repository, ["for-each-ref", "--format=%(refname)", "refs/portico/"], cancellationToken);
        var unneeded = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(item => parts is not null || !item.StartsWith(PartRefs, StringComparison.Ordinal))
            .Select(item => (Ref: item, Commit: item[(item.LastIndexOf('/') + 1)..]))
            .Where(item => !needed.Contains(item.Commit) && !IsRecent(item.Commit)).ToList();
        if (unneeded.Count == 0)
            return;
        foreach (var (reference, commit) in unneeded)
        {
            Forget(name, commit);
            await GitCommand.RunAsync(repository, ["update-ref", "-d", reference], cancellationToken);
        }
        // Objects of the last hour stay: an upload writes them before its ref.
        await GitCommand.RunAsync(repository, ["gc", "--quiet", "--prune=1.hour.ago"], cancellationToken);
    }

    /// <summary>Returns the names of all mirrors, as in <see cref="MirrorOf"/>.</summary>
    public IReadOnlyList<string> Mirrors() => [.. MirrorSweep.In(directory)];

    /// <summary>Removes a mirror that no service is built from any more. A late fetch creates a new one.</summary>
    public async Task RemoveMirrorAsync(string mirror, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(mirror, cancellationToken);
        MirrorSweep.Remove(directory, mirror);
        Forget(mirror);
    }

    /// <summary>Removes the files of removed repositories, including those that a crash left.</summary>
    public Task FinishRemovalsAsync(CancellationToken cancellationToken) => MirrorSweep.FinishRemovalsAsync(directory, cancellationToken);

    /// <param name="commit">The commit; null for all commits.</param>
    private void Forget(string repository, string? commit = null)
    {
        foreach (var seen in _seen.Keys.Where(seen => seen.Repository == repository && (commit is null || seen.Commit == commit)).ToList())
            _seen.TryRemove(seen, out _);
        foreach (var whole in _whole.Keys.Where(whole => whole.Repository == repository && (commit is null || whole.Commit == commit)).ToList())
            _whole.TryRemove(whole, out _);
        if (commit is not null)
            return;
        _heads.TryRemove(repository, out _);
        _objects.Forget(PathOf(repository));
    }

    /// <summary>Waits for the exclusive right to change this repository. Disposal releases it.</summary>
    private async Task<IDisposable> TakeTurnAsync(string repository, CancellationToken cancellationToken)
    {
        var turn = await _changing.TakeAsync(repository, cancellationToken);
        try
        {
            await GitLocks.RemoveStaleAsync(GitOf(repository), time, cancellationToken);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private async Task<string?> ObjectAsync(string repository, string name, CancellationToken cancellationToken)
    {
        if (await _objects.FindAsync(GitOf(repository), name, cancellationToken) is { } found)
            return found.Id;
        // A path may lead to a submodule, whose commit is an object of another repository.
        if (!name.Contains(':', StringComparison.Ordinal))
            return null;
        var result = await GitCommand.TryAsync(
            GitOf(repository), ["rev-parse", "--verify", "--quiet", "--end-of-options", name], cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    private async Task<GitRepository> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var repository = GitOf(name);
        Directory.CreateDirectory(directory);
        // Nobody else has written to one that is new, and its configuration stays the platform's.
        var writer = confinement?.HasAdopted(repository.Path) == true ? repository : new GitRepository(repository.Path);
        if (!IsWhole(repository.Path))
            await GitCommand.RunAsync(writer, ["init", "--quiet", "--bare", "--template=", repository.Path], cancellationToken);
        await AdoptAsync(repository.Path, cancellationToken);
        return repository;
    }

    /// <summary>Whether Git takes the directory for a repository. It creates its objects last, and completes at the next call what a crash left.</summary>
    private static bool IsWhole(string repository) => Directory.Exists(Path.Combine(repository, "objects")) && File.Exists(Path.Combine(repository, "HEAD"));

    private bool IsRecent(string commit) => _askedFor.TryGetValue(commit, out var asked) && IsRecent(asked);

    private bool IsRecent(DateTimeOffset asked) => time.GetUtcNow() - asked < Recent;

    private void ForgetOldQuestions()
    {
        foreach (var question in _askedFor.Where(question => !IsRecent(question.Value)))
            _askedFor.TryRemove(question);
    }

    private static string Ref(string commit) => $"refs/portico/{commit}";

    /// <summary>Whether a text is a full commit id.</summary>
    public static bool IsCommit(string text) =>
        text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);
}
