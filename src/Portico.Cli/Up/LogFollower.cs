using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Logs;
using Portico.Hosting;

namespace Portico.Cli.Up;

/// <summary>Follows the logs of all services after <c>up</c> on a terminal, until Ctrl-C.</summary>
internal sealed class LogFollower(CliHost host, PlatformClient client)
{
    private readonly Lock _writing = new();

    public async Task RunAsync(IReadOnlyList<TrackedResource> resources, CancellationToken cancellationToken)
    {
        var names = resources
            .Where(item => item.Status?.Type is "web_service" or "private_service" or "background_worker")
            .Select(item => item.Name).ToList();
        if (names.Count == 0)
            return;
        host.Out.WriteLine();
        host.Out.WriteLine(host.OutStyle.Dim("Following logs. Press Ctrl-C to stop; services keep running."));
        var width = names.Max(name => name.Length);
        try
        {
            await Task.WhenAll(names.Select((name, index) => FollowAsync(name, name.PadRight(width), index, cancellationToken)));
            host.Out.WriteLine("The server stopped. Check whether it is back with `portico status`.");
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Out.WriteLine();
            host.Out.WriteLine("Services keep running. `portico status` shows them; `portico down` stops them.");
        }
    }

    private async Task FollowAsync(string name, string shownName, int index, CancellationToken cancellationToken)
    {
        Func<string, string>[] paints = [host.OutStyle.Cyan, host.OutStyle.Green, host.OutStyle.Yellow];
        var prefix = paints[index % paints.Length](shownName + " | ");
        await foreach (var entry in FollowedLog.ReadAsync(client, host.Time, new LogsRequest(name) { Tail = 0, Follow = true }, cancellationToken))
            lock (_writing)
                host.Out.WriteLine(prefix + TerminalText.Output(entry.Text, host.OutStyle.Enabled));
    }
}
