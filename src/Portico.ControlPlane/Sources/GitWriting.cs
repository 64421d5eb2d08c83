using Portico.Hosting;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Bounds what git writes: the size of a repository is not known before it is fetched. While git runs, the free space of the disk is checked, and
/// git is ended before the platform's reserve is used up.
/// </summary>
/// <param name="reserve">Null for no bound.</param>
internal sealed class GitWriting(DiskReserve? reserve, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs git, and removes what it left if it fails or is ended.</summary>
    /// <param name="repository">The repository that git writes to.</param>
    /// <exception cref="DiskReserveException">The reserve would be used up.</exception>
    /// <exception cref="GitException"><paramref name="write"/> threw it. The message says if git reached its memory limit.</exception>
    public async Task<T> RunAsync<T>(GitRepository repository, Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            return reserve is null ? await write(cancellationToken) : await RunAsync(reserve, write, cancellationToken);
        }
        catch (Exception exception) when (exception is GitException or DiskReserveException or OperationCanceledException)
        {
            await RemovePartialAsync(repository);
            if (exception is GitException && GitMemory.IsUsedUp(exception.Message))
                throw new GitException(GitMemory.Explanation, exception);
            throw;
        }
    }

    private async Task<T> RunAsync<T>(DiskReserve kept, Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        kept.Require(0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DiskReserveException? full = null;
        await using var timer = time.CreateTimer(_ => full ??= Check(ending), null, CheckInterval, CheckInterval);
        try
        {
            return await write(ending.Token);
        }
        catch (OperationCanceledException) when (full is not null && !cancellationToken.IsCancellationRequested)
        {
            throw full;
        }
    }

    private DiskReserveException? Check(CancellationTokenSource ending)
    {
        try
        {
            reserve!.Require(0);
            return null;
        }
        catch (DiskReserveException exception)
        {
            ending.Cancel();
            return exception;
        }
        catch (IOException)
        {
            // Whoever removed the disk has ended git too.
            return null;
        }
    }

    /// <summary>Removes the packs that git was writing. It does so itself only when it is not killed.</summary>
    private static Task RemovePartialAsync(GitRepository repository)
    {
        var packs = Path.Combine(repository.Path, "objects", "pack");
        return repository.DeleteAsync(DirectoryEntries.Files(packs, "tmp_*"), CancellationToken.None);
    }
}
