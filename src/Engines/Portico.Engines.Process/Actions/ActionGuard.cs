using Portico.Hosting.Loops;

namespace Portico.Engines.Process.Actions;

/// <summary>
/// Isolates actions from each other. One that fails is logged once, shown by <c>portico doctor</c> and retried with back-off,
/// while other actions of the same instance and all other instances continue.
/// </summary>
/// <param name="before">Called before each action; a test makes actions fail by throwing here.</param>
internal sealed class ActionGuard(ItemRetries retries, Action<EngineAction, string>? before)
{
    /// <returns>Whether it was done; false if it failed, or failed before and its back-off has not passed.</returns>
    public bool Try(EngineAction action, string id, Action work) => retries.Try(ItemOf(action, id), () =>
    {
        Begin(action, id);
        work();
    });

    /// <summary>Repeats an action with back-off until it succeeds.</summary>
    /// <exception cref="OperationCanceledException">This engine is stopping.</exception>
    public Task UntilSucceededAsync(EngineAction action, string id, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        retries.UntilSucceededAsync(
            ItemOf(action, id),
            token =>
            {
                Begin(action, id);
                return work(token);
            },
            cancellationToken);

    /// <summary>Begins an action whose failure the caller handles: see <see cref="Failed"/> and <see cref="Succeeded"/>.</summary>
    public void Begin(EngineAction action, string id) => before?.Invoke(action, id);

    public void Failed(EngineAction action, string id, Exception exception) => retries.Failed(ItemOf(action, id), exception);

    public void Succeeded(EngineAction action, string id) => retries.Succeeded(ItemOf(action, id));

    /// <summary>Returns since when an action fails; null if its last attempt succeeded.</summary>
    public FailingItem? Find(EngineAction action, string id) => retries.Find(ItemOf(action, id));

    /// <summary>Forgets the failures of all other ids.</summary>
    public void KeepOnly(IEnumerable<string> ids)
    {
        if (retries.Failing.Count > 0)
            retries.KeepOnly(ids.SelectMany(id => Enum.GetValues<EngineAction>().Select(action => ItemOf(action, id))).ToHashSet(StringComparer.Ordinal));
    }

    private static string ItemOf(EngineAction action, string id) => $"'{action}' for {id}";
}
