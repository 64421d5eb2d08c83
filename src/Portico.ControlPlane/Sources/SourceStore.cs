using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portico.Core.Sources;

namespace Portico.ControlPlane.Sources;

/// <summary>Bare Git repositories on this machine: one for what was uploaded, one for each remote.</summary>
public sealed partial class SourceStore(string directory, TimeProvider time)
{
    private const int LongestMessage = 10_000;

    // From the question whether a commit is here to the deploy that needs it.
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _askedFor = new();

    // A commit that is here stays here, until it is pruned: git need not be asked again.
    private readonly ConcurrentDictionary<(string Repository, string Commit), bool> _seen = new();

    // Git lets one process at a time fetch into a shallow repository, and fails the others. So nobody else's locks can be there.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _changing = new();

    public const string Uploads = "uploads.git";

    private const string NoShallow = "dumb http transport does not support shallow";

    private const string HostedPrefix = "repo-";
    private const int WorkspaceIdLength = 24;

    public string PathOf(string repository) => Path.Combine(directory, repository);

    /// <summary>The name of the mirror of a remote.</summary>
    public static string MirrorOf(string url) =>
        $"remote-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)))[..24]}.git";

    public async Task<bool> ContainsAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit) || !Directory.Exists(PathOf(repository)))
            return false;
        _askedFor[commit] = time.GetUtcNow();
        if (_seen.ContainsKey((repository, commit)))
            return true;
        // The ref is made after the objects have arrived, so it proves that all of them have.
        var result = await GitCommand.TryAsync(
            PathOf(repository), ["rev-parse", "--verify", "--quiet", "--end-of-options", Ref(commit)], cancellationToken);
        if (result.ExitCode == 0)
            _seen[(repository, commit)] = true;
        return result.ExitCode == 0;
    }

    /// <summary>Takes in a Git bundle that holds the commit.</summary>
    /// <exception cref="GitException">It is not a bundle, or the commit is not in it.</exception>
    public async Task ImportAsync(string commit, Stream bundle, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit))
            throw new GitException($"'{commit}' is not a full commit id.");
        _askedFor[commit] = time.GetUtcNow();
        Directory.CreateDirectory(PathOf(Uploads));
        var file = Path.Combine(PathOf(Uploads), $"incoming-{commit}.bundle");
        try
        {
            await using (var target = File.Create(file))
                await bundle.CopyToAsync(target, cancellationToken);
            using var turn = await TakeTurnAsync(Uploads, cancellationToken);
            var repository = await CreateAsync(Uploads, cancellationToken);
            await GitCommand.RunAsync(repository, ["bundle", "unbundle", file], cancellationToken);
            await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The directory of the repository that a workspace's members push to.</summary>
    public static string HostedOf(string workspace, string name) => $"{HostedPrefix}{workspace}-{name}.git";

    /// <summary>The other way round.</summary>
    public static string WorkspaceOf(string hosted) => hosted.Substring(HostedPrefix.Length, WorkspaceIdLength);

    /// <summary>What <see cref="HostedOf"/> was given; null for a mirror or the uploads.</summary>
    public static string? NameOf(string repository) => repository.StartsWith(HostedPrefix, StringComparison.Ordinal)
        ? repository[(HostedPrefix.Length + WorkspaceIdLength + 1)..^".git".Length]
        : null;

    /// <summary>All that are pushed to, as <see cref="HostedOf"/> names them.</summary>
    public IReadOnlyList<string> Hosted() => Directory.Exists(directory)
        ? [.. Directory.EnumerateDirectories(directory, $"{HostedPrefix}*.git").Select(path => Path.GetFileName(path)!)]
        : [];

    /// <summary>An empty repository, unless it is there.</summary>
    public async Task EnsureAsync(string repository, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await CreateAsync(repository, cancellationToken);
    }

    /// <summary>Removes a repository that was pushed to.</summary>
    public async Task RemoveAsync(string repository, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        MirrorSweep.Remove(directory, repository);
        Forget(repository);
        MirrorSweep.FinishRemovals(directory);
    }

    /// <summary>Keeps a commit that is in the repository already, wherever its branches go.</summary>
    public async Task KeepAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        _askedFor[commit] = time.GetUtcNow();
        using var turn = await TakeTurnAsync(repository, cancellationToken);
        await GitCommand.RunAsync(PathOf(repository), ["update-ref", Ref(commit), commit], cancellationToken);
        _seen[(repository, commit)] = true;
    }

    /// <summary>The commit at the tip of a branch of a repository that is here; null where there is no such branch.</summary>
    /// <param name="branch">Null for the default branch.</param>
    public async Task<string?> LocalTipAsync(string repository, string? branch, CancellationToken cancellationToken)
    {
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        var result = await GitCommand.TryAsync(
            PathOf(repository), ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{wanted}^{{commit}}"], cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    /// <summary>The text of a file in a commit; null where there is none. What is no file, such as a symbolic link, is none.</summary>
    /// <exception cref="GitException">It is larger than that.</exception>
    public async Task<string?> ReadTextAsync(string repository, string commit, string path, int largest, CancellationToken cancellationToken)
    {
        var listing = await GitCommand.RunAsync(
            PathOf(repository), ["ls-tree", "--long", "-z", "--full-tree", commit, "--", path], cancellationToken);
        var entry = listing.Split(['\0', '\t', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (entry.Length < 4 || entry[1] != "blob" || !entry[0].StartsWith("100", StringComparison.Ordinal))
            return null;
        if (long.Parse(entry[3], CultureInfo.InvariantCulture) > largest)
            throw new GitException($"{path} is larger than {largest >> 20} MB.");
        return await GitCommand.RunAsync(PathOf(repository), ["cat-file", "blob", entry[2]], cancellationToken);
    }

    /// <summary>The commit at the tip of a remote's branch, without fetching it; null when the remote does not tell.</summary>
    public async Task<string?> TipAsync(string url, string? branch, CancellationToken cancellationToken, GitRemote? by = null) =>
        (await LookAsync(url, branch, cancellationToken, by)).Commit;

    /// <summary>What a remote says of a branch, without fetching it.</summary>
    /// <param name="branch">Null for the remote's own default branch.</param>
    /// <param name="by">How git gets there; null: by the URL alone.</param>
    public async Task<RemoteTip> LookAsync(string url, string? branch, CancellationToken cancellationToken, GitRemote? by = null)
    {
        using (await TakeTurnAsync(MirrorOf(url), cancellationToken))
            await CreateAsync(MirrorOf(url), cancellationToken);
        var (remote, wanted) = (by ?? GitRemote.Of(url), branch is null ? "HEAD" : $"refs/heads/{branch}");
        var result = await GitCommand.TryAsync(
            PathOf(MirrorOf(url)), ["ls-remote", "--quiet", "--end-of-options", remote.Url, wanted], cancellationToken, remote);
        if (result.ExitCode != 0)
            return new RemoteTip(null, GitUrl.Mask(result.Error.Trim(), url));
        var commit = result.Output.Split('\t')[0];
        return new RemoteTip(IsCommit(commit) ? commit : null, null);
    }

    /// <summary>Brings a remote's branch here.</summary>
    /// <param name="branch">Null for the remote's own default branch.</param>
    /// <returns>The commit at its tip.</returns>
    public async Task<string> FetchAsync(string url, string? branch, CancellationToken cancellationToken, GitRemote? by = null)
    {
        using var turn = await TakeTurnAsync(MirrorOf(url), cancellationToken);
        var repository = await CreateAsync(MirrorOf(url), cancellationToken);
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        await FetchAsync(repository, $"+{wanted}:refs/portico/tip", by ?? GitRemote.Of(url), cancellationToken);
        var commit = (await GitCommand.RunAsync(repository, ["rev-parse", "--verify", "refs/portico/tip^{commit}"], cancellationToken)).Trim();
        await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        return commit;
    }

    /// <summary>Brings one commit of a remote here, wherever its branches are by now.</summary>
    /// <exception cref="GitException">The remote does not have it, or does not give single commits.</exception>
    public async Task FetchCommitAsync(string url, string commit, CancellationToken cancellationToken, GitRemote? by = null)
    {
        if (!IsCommit(commit))
            throw new GitException($"'{commit}' is not a full commit id.");
        using var turn = await TakeTurnAsync(MirrorOf(url), cancellationToken);
        var repository = await CreateAsync(MirrorOf(url), cancellationToken);
        await FetchAsync(repository, commit, by ?? GitRemote.Of(url), cancellationToken);
        await GitCommand.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
    }

    /// <summary>The newest commit alone; all of the history where the remote is but files on a web server, and can do no better.</summary>
    /// <param name="repository">Its path.</param>
    internal static async Task FetchAsync(
        string repository, string what, GitRemote remote, CancellationToken cancellationToken, GitSurroundings? around = null)
    {
        string[] fetch = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules"];
        var result = await GitCommand.TryAsync(
            repository, [.. fetch, "--depth=1", "--end-of-options", remote.Url, what], cancellationToken, remote, around);
        if (result.ExitCode != 0 && result.Error.Contains(NoShallow, StringComparison.Ordinal))
            result = await GitCommand.TryAsync(repository, [.. fetch, "--end-of-options", remote.Url, what], cancellationToken, remote, around);
        if (result.ExitCode != 0)
            throw new GitException(result.Error.Trim());
    }

    /// <summary>What a commit that is here says about itself.</summary>
    public async Task<CommitDescription> DescribeAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        var text = (await FactAsync(repository, $"{commit} text", async () => await GitCommand.RunAsync(
            PathOf(repository), ["show", "--no-patch", "--no-show-signature", "--format=%ct%n%B", "--end-of-options", commit], cancellationToken)))!;
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var message = text[(end + 1)..].Trim();
        return new CommitDescription(
            message.Length > LongestMessage ? message[..LongestMessage] : message,
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(text.AsSpan(0, end), CultureInfo.InvariantCulture)));
    }

    /// <summary>Forgets commits that were uploaded or pushed and that nobody needs or has asked for lately, and gives their space back.</summary>
    public async Task PruneAsync(IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        foreach (var name in (IEnumerable<string>)[Uploads, .. Hosted()])
            await PruneAsync(name, needed, cancellationToken);
    }

    private async Task PruneAsync(string name, IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        var repository = PathOf(name);
        if (!Directory.Exists(repository))
            return;
        // Parts serve the next whole tree; what is being put together now must not lose its own.
        using var parts = TryTakeTurn(PartsOf(name));
        using var turn = await TakeTurnAsync(name, cancellationToken);
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

    /// <summary>Removes the mirrors of remotes that nobody builds from any more. A fetch that comes too late makes a new one.</summary>
    /// <param name="needed">As <see cref="MirrorOf"/> names them.</param>
    public async Task PruneMirrorsAsync(IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        foreach (var mirror in MirrorSweep.In(directory).Where(name => !needed.Contains(name)).ToList())
        {
            using var turn = await TakeTurnAsync(mirror, cancellationToken);
            MirrorSweep.Remove(directory, mirror);
            Forget(mirror);
        }
        MirrorSweep.FinishRemovals(directory);
    }

    /// <param name="commit">Null: all of them.</param>
    private void Forget(string repository, string? commit = null)
    {
        foreach (var seen in _seen.Keys.Where(seen => seen.Repository == repository && (commit is null || seen.Commit == commit)).ToList())
            _seen.TryRemove(seen, out _);
        foreach (var whole in _whole.Keys.Where(whole => whole.Repository == repository && (commit is null || whole.Commit == commit)).ToList())
            _whole.TryRemove(whole, out _);
    }

    /// <summary>Waits until nobody else changes this repository; disposing ends the turn.</summary>
    private async Task<IDisposable> TakeTurnAsync(string repository, CancellationToken cancellationToken)
    {
        var gate = _changing.GetOrAdd(repository, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        var turn = new Turn(gate);
        try
        {
            GitLocks.RemoveStale(PathOf(repository), time);
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
        var result = await GitCommand.TryAsync(
            PathOf(repository), ["rev-parse", "--verify", "--quiet", "--end-of-options", name], cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    private async Task<string> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var repository = PathOf(name);
        Directory.CreateDirectory(directory);
        if (!File.Exists(Path.Combine(repository, "HEAD")))
            await GitCommand.RunAsync(repository, ["init", "--quiet", "--bare", "--template=", repository], cancellationToken);
        return repository;
    }

    private bool IsRecent(string commit) =>
        _askedFor.TryGetValue(commit, out var asked) && time.GetUtcNow() - asked < Recent;

    private static string Ref(string commit) => $"refs/portico/{commit}";

    /// <summary>Whether the text is a full commit id.</summary>
    public static bool IsCommit(string text) =>
        text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
