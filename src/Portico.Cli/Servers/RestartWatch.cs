using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Servers;

/// <summary>Waits until a restart has replaced every instance of a resource.</summary>
internal sealed class RestartWatch(PlatformClient client, TimeProvider time)
{
    /// <summary>An app that takes longer to become ready is reported. It may still come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="before">The resource before the restart was requested.</param>
    /// <returns>How long it took; null when the new instances were not ready in time.</returns>
    public async Task<TimeSpan?> RunAsync(ResourceStatus before, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            var status = await client.GetStatusAsync(cancellationToken);
            if (status.Resources.FirstOrDefault(resource => resource.Id == before.Id) is { } now && IsReplaced(before, now))
                return time.GetElapsedTime(started);
            await Task.Delay(PollEvery, time, cancellationToken);
        }
        return null;
    }

    private static bool IsReplaced(ResourceStatus before, ResourceStatus now) =>
        now.Instances.Count > 0 && now.Instances.All(instance => instance.Status == "ready")
        && !now.Instances.Any(instance => before.Instances.Any(old => (old.Id, old.Pid) == (instance.Id, instance.Pid)));
}
