using System.Collections.Concurrent;

namespace Portico.ControlPlane.Sources;

/// <summary>
/// Asks remote repositories something that can be found out later too. Each question is a process of git and may never be answered: only
/// some are asked at the same time, each for a few seconds, and all of them together not for long either.
/// </summary>
internal static class RemoteLookups
{
    internal const int MostAtOnce = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), PatienceForAll = TimeSpan.FromSeconds(20);

    /// <returns>Null if there is no answer in time.</returns>
    public static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T?>> ask, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await ask(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Asks once for each key.</summary>
    /// <param name="most">How long all of them may take together; null for 20 seconds.</param>
    /// <returns>The answers. Keys without an answer in time are left out.</returns>
    public static async Task<IReadOnlyDictionary<TKey, TAnswer>> AskAllAsync<TKey, TAnswer>(
        IEnumerable<TKey> keys, Func<TKey, CancellationToken, Task<TAnswer?>> ask, CancellationToken cancellationToken, TimeSpan? most = null)
        where TKey : notnull
        where TAnswer : class
    {
        var answers = new ConcurrentDictionary<TKey, TAnswer>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(most ?? PatienceForAll);
        try
        {
            await Parallel.ForEachAsync(
                keys.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = patience.Token }, async (key, token) =>
                {
                    if (await AskAsync(within => ask(key, within), token) is { } answer)
                        answers[key] = answer;
                });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return answers;
        }
        return answers;
    }
}
