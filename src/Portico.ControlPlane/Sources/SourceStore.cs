using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Portico.Core.Services;

namespace Portico.ControlPlane.Sources;

/// <summary>Bare Git repositories on this machine: one for what was uploaded, one for each remote.</summary>
public sealed class SourceStore(string directory, TimeProvider time)
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
        var result = await Git.TryAsync(
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
            await Git.RunAsync(repository, ["bundle", "unbundle", file], cancellationToken);
            await Git.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The commit at the tip of a remote's branch, without fetching it; null when the remote does not tell.</summary>
    public async Task<string?> TipAsync(string url, string? branch, CancellationToken cancellationToken)
    {
        using (await TakeTurnAsync(MirrorOf(url), cancellationToken))
            await CreateAsync(MirrorOf(url), cancellationToken);
        var (repository, wanted) = (PathOf(MirrorOf(url)), branch is null ? "HEAD" : $"refs/heads/{branch}");
        var result = await Git.TryAsync(
            repository, ["ls-remote", "--quiet", "--end-of-options", url, wanted], cancellationToken, Git.ProtocolsFor(url));
        var commit = result.Output.Split('\t')[0];
        return result.ExitCode == 0 && IsCommit(commit) ? commit : null;
    }

    /// <summary>Brings a remote's branch here.</summary>
    /// <param name="branch">Null for the remote's own default branch.</param>
    /// <returns>The commit at its tip.</returns>
    public async Task<string> FetchAsync(string url, string? branch, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(MirrorOf(url), cancellationToken);
        var repository = await CreateAsync(MirrorOf(url), cancellationToken);
        var wanted = branch is null ? "HEAD" : $"refs/heads/{branch}";
        await Git.RunAsync(
            repository, ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "--end-of-options", url, $"+{wanted}:refs/portico/tip"],
            cancellationToken, Git.ProtocolsFor(url));
        var commit = (await Git.RunAsync(repository, ["rev-parse", "--verify", "refs/portico/tip^{commit}"], cancellationToken)).Trim();
        await Git.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
        return commit;
    }

    /// <summary>Brings one commit of a remote here, wherever its branches are by now.</summary>
    /// <exception cref="GitException">The remote does not have it, or does not give single commits.</exception>
    public async Task FetchCommitAsync(string url, string commit, CancellationToken cancellationToken)
    {
        if (!IsCommit(commit))
            throw new GitException($"'{commit}' is not a full commit id.");
        using var turn = await TakeTurnAsync(MirrorOf(url), cancellationToken);
        var repository = await CreateAsync(MirrorOf(url), cancellationToken);
        await Git.RunAsync(
            repository, ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--depth=1", "--end-of-options", url, commit],
            cancellationToken, Git.ProtocolsFor(url));
        await Git.RunAsync(repository, ["update-ref", Ref(commit), commit], cancellationToken);
    }

    /// <summary>What a commit that is here says about itself.</summary>
    public async Task<CommitDescription> DescribeAsync(string repository, string commit, CancellationToken cancellationToken)
    {
        var text = await Git.RunAsync(
            PathOf(repository), ["show", "--no-patch", "--no-show-signature", "--format=%ct%n%B", "--end-of-options", commit], cancellationToken);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var message = text[(end + 1)..].Trim();
        return new CommitDescription(
            message.Length > LongestMessage ? message[..LongestMessage] : message,
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(text.AsSpan(0, end), CultureInfo.InvariantCulture)));
    }

    /// <summary>
    /// A digest of what in the commit concerns a service: the tree of its root directory, without what its build
    /// filter leaves out. Null when the root directory is not there.
    /// </summary>
    public async Task<string?> KeyAsync(
        string repository, string commit, SourceSettings settings, CancellationToken cancellationToken)
    {
        var root = settings.RootDir?.Trim('/') is { Length: > 0 } path and not "." ? Normalize(path) : "";
        if (settings.Filter is null)
            return await ObjectAsync(repository, commit, root, cancellationToken);
        var listing = await Git.RunAsync(
            PathOf(repository), ["ls-tree", "-r", "-z", "--full-tree", commit], cancellationToken);
        var kept = listing.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(entry => BuildFilter.Concerns(entry[(entry.IndexOf('\t', StringComparison.Ordinal) + 1)..], root, settings.Filter));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', kept))));
    }

    /// <summary>Forgets uploaded commits that nobody needs or has asked for lately, and gives their space back.</summary>
    public async Task PruneAsync(IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        var repository = PathOf(Uploads);
        if (!Directory.Exists(repository))
            return;
        using var turn = await TakeTurnAsync(Uploads, cancellationToken);
        var listing = await Git.RunAsync(repository, ["for-each-ref", "--format=%(objectname)", "refs/portico/"], cancellationToken);
        var unneeded = listing.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(commit => !needed.Contains(commit) && !IsRecent(commit)).ToList();
        if (unneeded.Count == 0)
            return;
        foreach (var commit in unneeded)
        {
            _seen.TryRemove((Uploads, commit), out _);
            await Git.RunAsync(repository, ["update-ref", "-d", Ref(commit)], cancellationToken);
        }
        // Objects of the last hour stay: an upload writes them before its ref.
        await Git.RunAsync(repository, ["gc", "--quiet", "--prune=1.hour.ago"], cancellationToken);
    }

    /// <summary>Removes the mirrors of remotes that nobody builds from any more. A fetch that comes too late makes a new one.</summary>
    /// <param name="needed">As <see cref="MirrorOf"/> names them.</param>
    public async Task PruneMirrorsAsync(IReadOnlySet<string> needed, CancellationToken cancellationToken)
    {
        foreach (var mirror in MirrorSweep.In(directory).Where(name => !needed.Contains(name)).ToList())
        {
            using var turn = await TakeTurnAsync(mirror, cancellationToken);
            MirrorSweep.Remove(directory, mirror);
            foreach (var seen in _seen.Keys.Where(seen => seen.Repository == mirror).ToList())
                _seen.TryRemove(seen, out _);
        }
        MirrorSweep.FinishRemovals(directory);
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

    private async Task<string?> ObjectAsync(string repository, string commit, string root, CancellationToken cancellationToken)
    {
        var result = await Git.TryAsync(
            PathOf(repository), ["rev-parse", "--verify", "--quiet", "--end-of-options", $"{commit}:{root}"], cancellationToken);
        return result.ExitCode == 0 ? result.Output.Trim() : null;
    }

    private async Task<string> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var repository = PathOf(name);
        Directory.CreateDirectory(directory);
        if (!File.Exists(Path.Combine(repository, "HEAD")))
            await Git.RunAsync(repository, ["init", "--quiet", "--bare", "--template=", repository], cancellationToken);
        return repository;
    }

    private bool IsRecent(string commit) =>
        _askedFor.TryGetValue(commit, out var asked) && time.GetUtcNow() - asked < Recent;

    private static string Normalize(string path) =>
        string.Join('/', path.Split('/').Where(part => part is not ("" or ".")));

    private static string Ref(string commit) => $"refs/portico/{commit}";

    /// <summary>Whether the text is a full commit id.</summary>
    public static bool IsCommit(string text) =>
        text.Length is 40 or 64 && text.All(char.IsAsciiHexDigitLower);

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}

/// <param name="Message">Cut where it is very long.</param>
public sealed record CommitDescription(string Message, DateTimeOffset At);
