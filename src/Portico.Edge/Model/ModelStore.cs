namespace Portico.Edge.Model;

/// <summary>Holds the model that is served now.</summary>
internal sealed class ModelStore
{
    private EdgeModel _current = EdgeModel.Empty;
    private TaskCompletionSource _changed = NewSignal();
    private Action<EdgeModel>? _followers;

    public EdgeModel Current => Volatile.Read(ref _current);

    /// <summary>
    /// Completes at the next change. Read it before <see cref="Current"/>, or a change in between is missed.
    /// </summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    /// <summary>Calls the action with the current model and with each that replaces it. To be used before the first replacement.</summary>
    public void Follow(Action<EdgeModel> action)
    {
        action(Current);
        _followers += action;
    }

    public void Replace(EdgeModel model)
    {
        _followers?.Invoke(model);
        Interlocked.Exchange(ref _current, model);
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
