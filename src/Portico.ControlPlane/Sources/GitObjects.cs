namespace Portico.ControlPlane.Sources;

/// <summary>
/// Answers short questions about objects and refs. The processes of git that answer stay for a while, because starting one takes longer
/// than its answer: a push asks about ten questions.
/// </summary>
internal sealed class GitObjects : IDisposable
{
    /// <summary>The number of processes that are kept while none of them answers.</summary>
    internal const int MostIdle = 8;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();

    /// <summary>The least recently used one first.</summary>
    private readonly List<CatFile> _idle = [];

    private readonly ITimer _timer;
    private int _ends;
    private bool _disposed;

    public GitObjects(TimeProvider time) => _timer = time.CreateTimer(_ => End(all => true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <param name="name">A name as in <c>gitrevisions(7)</c>.</param>
    /// <returns>Null if there is no such object, or no repository.</returns>
    /// <exception cref="GitException">git cannot be started.</exception>
    public async Task<GitObject?> FindAsync(GitRepository repository, string name, CancellationToken cancellationToken) =>
        (await AskAsync(repository, name, withContent: false, cancellationToken))?.Object;

    /// <summary>Reads an object.</summary>
    /// <returns>Null if there is none, or if it has more than 64 MB.</returns>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<byte[]?> ReadAsync(GitRepository repository, string name, CancellationToken cancellationToken) =>
        (await AskAsync(repository, name, withContent: true, cancellationToken))?.Content;

    /// <summary>Ends the processes of a repository that is being removed: another one can get its name.</summary>
    public void Forget(string repositoryPath)
    {
        Interlocked.Increment(ref _ends);
        End(git => git.Repository == repositoryPath);
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _timer.Dispose();
        End(all => true);
    }

    private async Task<CatFileAnswer?> AskAsync(GitRepository repository, string name, bool withContent, CancellationToken cancellationToken)
    {
        if (name.Any(char.IsControl))
            return null;
        while (Take(repository.Path, withContent) is { } kept)
            // One that has ended meanwhile, such as by a limit, is replaced.
            if (await AskAsync(kept, name, cancellationToken) is { } answer)
                return answer.Object is null ? null : answer;
        return await AskAsync(CatFile.Start(repository, withContent, _ends), name, cancellationToken) is { Object: not null } found ? found : null;
    }

    /// <summary>Asks a process, and keeps it if it has answered completely: otherwise the next answer would be another question's.</summary>
    /// <returns>Null if it has ended.</returns>
    private async Task<CatFileAnswer?> AskAsync(CatFile git, string name, CancellationToken cancellationToken)
    {
        var isWhole = false;
        try
        {
            var answer = await git.AskAsync(name, cancellationToken);
            isWhole = answer is not null;
            return answer;
        }
        finally
        {
            if (isWhole)
                Keep(git);
            else
                git.Dispose();
        }
    }

    private CatFile? Take(string repository, bool withContent)
    {
        lock (_lock)
        {
            var at = _idle.FindLastIndex(git => git.Repository == repository && git.WithContent == withContent);
            if (at < 0)
                return null;
            var taken = _idle[at];
            _idle.RemoveAt(at);
            return taken;
        }
    }

    private void Keep(CatFile git)
    {
        CatFile? surplus = null;
        lock (_lock)
        {
            if (_disposed || git.IsUsedUp || git.Ends != _ends)
                surplus = git;
            else
                _idle.Add(git);
            if (_idle.Count > MostIdle)
            {
                surplus = _idle[0];
                _idle.RemoveAt(0);
            }
            if (!_disposed)
                _timer.Change(IdleTime, Timeout.InfiniteTimeSpan);
        }
        surplus?.Dispose();
    }

    private void End(Predicate<CatFile> which)
    {
        List<CatFile> ended;
        lock (_lock)
        {
            ended = _idle.FindAll(which);
            _idle.RemoveAll(which);
        }
        ended.ForEach(git => git.Dispose());
    }
}

/// <summary>An object of Git.</summary>
/// <param name="Type">For example <c>commit</c>.</param>
internal sealed record GitObject(string Id, string Type, long Bytes);
