using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class RestartCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(
            host, "The name of a service or data store.", "web_service", "private_service", "background_worker", "postgres", "key_value");
        var command = new Command("restart", "Restart a service, without downtime by replacing its instances, or a data store.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), cancellationToken));
        return (command, ["portico restart api", "portico restart guestbook-db"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.Find(name);
        await server.Client.RestartAsync(resource.Id, cancellationToken);
        if (resource.HasDisk)
            return await WaitAsync(host, server, resource, cancellationToken);
        host.Out.WriteLine($"Restarting {resource.Name}. {Effect(resource)} Watch it with `portico status`.");
        return ExitCode.Ok;
    }

    private static async Task<int> WaitAsync(CliHost host, ServerConnection server, ResourceStatus resource, CancellationToken cancellationToken)
    {
        host.Out.WriteLine($"Restarting {resource.Name}. It has a disk, so its instance stops before the new one starts: it does not respond in between.");
        if (await new RestartWatch(server.Client, host.Time).RunAsync(resource, cancellationToken) is not { } took)
            throw new CliException($"{resource.Name} is not ready again yet.", $"See why with `portico logs {resource.Name}`.");
        host.Out.WriteLine(FormattableString.Invariant($"{resource.Name} is ready again after {took.TotalSeconds:0.0} s."));
        return ExitCode.Ok;
    }

    private static string Effect(ResourceStatus resource) => resource.Type is "postgres" or "key_value"
        ? "Its connections end, and it is available again in a few seconds."
        : "Each new instance is ready before an old one stops.";
}
