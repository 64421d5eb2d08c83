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

    /// <summary>Runs git, and removes what it left if it is ended.</summary>
    /// <param name="repository">The path of the repository that git writes to.</param>
    /// <exception cref="DiskReserveException">The reserve would be used up.</exception>
    public async Task<T> RunAsync<T>(string repository, Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken)
    {
        if (reserve is null)
            return await write(cancellationToken);
        reserve.Require(0);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        DiskReserveException? full = null;
        await using var timer = time.CreateTimer(_ => full ??= Check(ending), null, CheckInterval, CheckInterval);
        try
        {
            return await write(ending.Token);
        }
        catch (OperationCanceledException) when (full is not null && !cancellationToken.IsCancellationRequested)
        {
            RemovePartial(repository);
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
    private static void RemovePartial(string repository)
    {
        var packs = Path.Combine(repository, "objects", "pack");
        if (!Directory.Exists(packs))
            return;
        foreach (var left in Directory.EnumerateFiles(packs, "tmp_*"))
            File.Delete(left);
    }
}
