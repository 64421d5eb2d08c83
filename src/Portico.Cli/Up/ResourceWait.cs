using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Up;

/// <summary>Waits until a service or data store is live or has failed, and shows its progress.</summary>
/// <param name="quiet">Whether standard output belongs to JSON.</param>
internal sealed class ResourceWait(CliHost host, ServerConnection server, bool quiet)
{
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string id, string name, CancellationToken cancellationToken)
    {
        try
        {
            var watch = new ProgressWatch(host.Time, token => server.ReadStatus(server.Client, token), [id], Outcome.Of);
            IProgressView view = host.CanDraw && !quiet ? new LiveProgress(host.Out, host.OutStyle.Enabled) : new PlainProgress(quiet ? host.Error : host.Out);
            var item = (await view.ShowAsync(show => watch.RunAsync(show, cancellationToken)))[0];
            EdgeReport.Write(host, await server.ReadStatus(server.Client, cancellationToken));
            return Write(item);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            host.Error.WriteLine();
            host.Error.WriteLine($"Interrupted. The work on {name} continues: `portico status` shows it.");
            return ExitCode.Interrupted;
        }
    }

    private int Write(TrackedResource item)
    {
        if (item.Outcome.Failure is { } failure)
        {
            UpSummary.WriteFailure(host, item.Name, failure, withLines: true);
            host.Error.WriteLine($"{host.ErrorStyle.Cyan("more:")} portico logs {item.Name}");
            return ExitCode.Failure;
        }
        if (!quiet)
            host.Out.WriteLine(host.OutStyle.Green($"{item.Name} is {item.Phase}{(item.Status?.Url is { } url ? $": {url}" : ".")}"));
        return ExitCode.Ok;
    }
}
