using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Up;

/// <summary>After <c>up</c> on a terminal: what all services write, until Ctrl-C.</summary>
internal sealed class LogFollower(CliHost host, PlatformClient client)
{
    private readonly Lock _writing = new();

    public async Task RunAsync(IReadOnlyList<TrackedResource> resources, CancellationToken cancellationToken)
    {
        var names = resources
            .Where(item => item.Status?.Type is "web_service" or "private_service" or "background_worker")
            .Select(item => item.Name).ToList();
        host.Out.WriteLine();
        host.Out.WriteLine(host.OutStyle.Dim("Following the logs. Ctrl-C stops following; the platform goes on running."));
        var width = names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        try
        {
            await Task.WhenAll(names.Select((name, index) => FollowAsync(name.PadRight(width), name, index, cancellationToken)));
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Out.WriteLine();
            host.Out.WriteLine("The platform goes on running. `portico status` shows it, `portico down` stops it.");
        }
    }

    private async Task FollowAsync(string shownName, string name, int index, CancellationToken cancellationToken)
    {
        Func<string, string>[] paints = [host.OutStyle.Cyan, host.OutStyle.Green, host.OutStyle.Yellow];
        var prefix = paints[index % paints.Length](shownName + " | ");
        try
        {
            await foreach (var entry in client.ReadLogsAsync(name, tail: 0, follow: true, build: false, cancellationToken))
                lock (_writing)
                    host.Out.WriteLine(prefix + entry.Text);
        }
        catch (Exception error) when (error is HttpRequestException or HttpIOException && !cancellationToken.IsCancellationRequested)
        {
            lock (_writing)
                host.Error.WriteLine($"{prefix}(the server went away; `portico logs {name} --tail` follows again)");
        }
    }
}
