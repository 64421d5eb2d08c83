using Portico.Core.Engines;
using Portico.Testing;
using Xunit;

namespace EngineConformance;

/// <summary>What each engine brings to the suite, and how the tests talk to it.</summary>
public abstract class EngineSuite : IAsyncLifetime
{
    /// <summary>How long a test waits for what must come.</summary>
    protected virtual TimeSpan Patience => Eventually.Limit;

    protected IEngine Engine { get; private set; } = null!;

    protected const string Owner = "srv-0123456789abcdefghij";

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Engine = await CreateAsync();

    /// <summary>Ends everything that a test has left.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var owner in (await Engine.ListAsync(CancellationToken.None)).Owners)
            await Engine.DeleteOwnerAsync(owner, CancellationToken.None);
        await Engine.DisposeAsync();
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A started engine with nothing in it.</summary>
    protected abstract Task<IEngine> CreateAsync();

    /// <summary>The engine's process dies and a new one starts; what runs is not touched.</summary>
    protected abstract Task<IEngine> RestartEngineAsync(IEngine engine);

    protected abstract Command CommandFor(Behaviour behaviour);

    /// <summary>The same as a line for a build.</summary>
    protected abstract string LineFor(Behaviour behaviour);

    /// <summary>A repository with these files in one commit.</summary>
    protected abstract Task<(string Path, string Commit)> MakeRepositoryAsync(params (string Path, string Content)[] files);

    /// <summary>Makes an instance's main process end as if by a bug of its own.</summary>
    protected abstract Task CrashAsync(InstanceSnapshot instance);

    /// <summary>A new empty path for exports.</summary>
    protected abstract string NewPath();

    protected virtual Task CleanUpAsync() => Task.CompletedTask;

    protected async Task RestartEngineAsync() => Engine = await RestartEngineAsync(Engine);

    protected Revision NewRevision(string id, Behaviour behaviour) => new()
    {
        Id = new RevisionId(id),
        Owner = Owner,
        Name = "app",
        Runtime = new WorkloadRuntime("static"),
        Command = CommandFor(behaviour),
        Environment = new Dictionary<string, string>(),
        Port = behaviour is Behaviour.Serve ? new PortBinding.Assigned() : new PortBinding.None(),
        Health = behaviour is Behaviour.Serve ? new HealthCheck.Http("/") : new HealthCheck.Running(),
        Limits = ResourceLimits.None,
        StopGrace = TimeSpan.FromSeconds(5),
    };

    protected async Task<BuildRequest> NewBuildAsync(string id, Behaviour behaviour, params (string Path, string Content)[] files)
    {
        var (path, commit) = await MakeRepositoryAsync(files.Length > 0 ? files : [("README", "hello")]);
        return new BuildRequest
        {
            Id = new RunId(id),
            Owner = Owner,
            Name = "app",
            Runtime = new WorkloadRuntime("static"),
            RepositoryPath = path,
            Commit = commit,
            Command = LineFor(behaviour),
            Environment = new Dictionary<string, string>(),
        };
    }

    /// <summary>Waits for a state of the world. Virtual, so that an engine with its own clock can move it.</summary>
    protected virtual async Task<EngineSnapshot> UntilAsync(Func<EngineSnapshot, bool> condition, string what)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Token);
        timeout.CancelAfter(Patience);
        try
        {
            await foreach (var snapshot in Engine.WatchAsync(timeout.Token))
                if (condition(snapshot))
                    return snapshot;
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Reported below, with what there was instead.
        }
        throw new TimeoutException($"Never came true: {what}. Last seen: {string.Join("; ", Engine.Observe().Instances)}");
    }

    protected Task<EngineSnapshot> UntilReadyAsync(RevisionId id, int count) =>
        UntilAsync(s => Of(s, id).Count(i => i.Status == InstanceStatus.Ready) == count && Of(s, id).Count == count, $"{count} of {id} ready, and no other");

    protected Task<EngineSnapshot> UntilGoneAsync(RevisionId id) => UntilAsync(s => Of(s, id).Count == 0, $"none of {id} left");

    /// <summary>What the caller does once no request is under way on them.</summary>
    protected void ReleaseDraining(EngineSnapshot snapshot)
    {
        foreach (var instance in snapshot.Instances.Where(instance => instance.Status == InstanceStatus.Draining))
            Engine.ReleaseAsync(instance.Id, Token).GetAwaiter().GetResult();
    }

    protected static IReadOnlyList<InstanceSnapshot> Of(EngineSnapshot snapshot, RevisionId id) =>
        [.. snapshot.Instances.Where(instance => instance.Revision == id)];

    protected virtual Task<RunState> UntilOverAsync(RunId id) =>
        Eventually.BecomesAsync(() => Engine.GetRunAsync(id, Token), static state => state is not RunState.Running, Patience, $"{id} ends");

    protected async Task<IReadOnlyList<string>> ReadAsync(LogQuery query)
    {
        var lines = new List<string>();
        await foreach (var line in Engine.ReadLogsAsync(query, Token))
            lines.Add(line.Text);
        return lines;
    }

    /// <summary>A whole log, piece by piece.</summary>
    protected async Task<IReadOnlyList<string>> PiecesAsync(LogSource source)
    {
        var (position, lines) = (0L, new List<string>());
        while (await Engine.ReadLogAsync(source, position, Token) is { Lines.Count: > 0 } piece)
        {
            lines.AddRange(piece.Lines);
            position = piece.Next;
        }
        return lines;
    }
}
