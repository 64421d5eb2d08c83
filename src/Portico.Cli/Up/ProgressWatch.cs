using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>Watches resources until each is live or has failed.</summary>
/// <param name="names">The names or ids of the resources.</param>
/// <param name="outcomeOf">Decides on a resource and on how long its status has been the same.</param>
internal sealed class ProgressWatch(
    TimeProvider time, Func<CancellationToken, Task<PlatformStatus>> read, IReadOnlyList<string> names,
    Func<ResourceStatus?, TimeSpan, Outcome> outcomeOf)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100), PollAtLeastEvery = TimeSpan.FromSeconds(1);

    // A poll costs CPU time while the machine builds: the longer the wait, the rarer the polls, which delays the end by 5 % at most.
    private const int PartOfTheWait = 20;

    private static readonly TimeSpan ServerMayBeAway = TimeSpan.FromSeconds(30);

    private readonly long _started = time.GetTimestamp();
    private readonly Dictionary<string, (string Look, long Since)> _looks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TimeSpan> _arrived = new(StringComparer.Ordinal);

    /// <exception cref="CliException">The server stopped and did not come back.</exception>
    public async Task<IReadOnlyList<TrackedResource>> RunAsync(
        Action<IReadOnlyList<TrackedResource>> show, CancellationToken cancellationToken)
    {
        while (true)
        {
            var tracked = Track(await ReadPatientlyAsync(cancellationToken));
            show(tracked);
            if (tracked.All(item => item.Outcome.Kind != OutcomeKind.Waiting))
                return tracked;
            var pause = time.GetElapsedTime(_started) / PartOfTheWait;
            await Task.Delay(pause < PollEvery ? PollEvery : pause > PollAtLeastEvery ? PollAtLeastEvery : pause, time, cancellationToken);
        }
    }

    // The keeper restarts a server that died, which then resumes its work.
    private async Task<PlatformStatus> ReadPatientlyAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await read(cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                if (time.GetElapsedTime(asked) > ServerMayBeAway)
                    throw new CliException(
                        "The server stopped and did not come back.", "Restart it with `portico up`. Deploys resume where they stopped.");
            }
            await Task.Delay(PollEvery, time, cancellationToken);
        }
    }

    private List<TrackedResource> Track(PlatformStatus status)
    {
        var byName = status.Resources.ToLookup(item => item.Name, StringComparer.Ordinal);
        var byId = status.Resources.ToLookup(item => item.Id, StringComparer.Ordinal);
        return [.. names.Select(name => Track(name, byId[name].Concat(byName[name]).FirstOrDefault()))];
    }

    private TrackedResource Track(string name, ResourceStatus? status)
    {
        var look = $"{status?.Status}/{status?.Deploy?.Id}/{status?.Deploy?.Status}/{status?.Progress?.Phase}";
        if (!_looks.TryGetValue(name, out var last) || last.Look != look)
            _looks[name] = last = (look, time.GetTimestamp());
        var outcome = outcomeOf(status, time.GetElapsedTime(last.Since));
        var elapsed = time.GetElapsedTime(_started);
        if (outcome.Kind == OutcomeKind.Waiting)
            _arrived.Remove(name);
        else if (!_arrived.TryAdd(name, elapsed))
            elapsed = _arrived[name];
        return new TrackedResource(status?.Name ?? name, status, outcome, elapsed);
    }
}
