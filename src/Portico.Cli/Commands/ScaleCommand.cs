using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class ScaleCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker");
        var count = new Argument<int>("N") { Description = "The number of instances." };
        count.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number >= 1))
                result.AddError($"The number of instances is '{result.Tokens[0].Value}'; it must be a whole number of at least 1.");
        });
        var command = new Command("scale", "Set how many instances of a service run.") { name, count };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), parsed.GetRequiredValue(count), cancellationToken));
        return (command, ["portico scale api 3"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, int count, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        await server.Client.ScaleAsync(service.Id, count, cancellationToken);
        var now = await server.Client.GetServiceAsync(service.Id, cancellationToken);
        var instances = count == 1 ? "1 instance" : $"{count} instances";
        host.Out.WriteLine(now switch
        {
            { ServiceDetails.Autoscaling.Enabled: true } => $"{service.Name} gets {instances} when its autoscaling is turned off. Until then, autoscaling chooses the number.",
            { Suspended: "suspended" } => $"{service.Name} is suspended. It starts with {instances} after `portico resume {service.Name}`.",
            _ => $"Scaling {service.Name} to {instances}. Watch it with `portico status`.",
        });
        return ExitCode.Ok;
    }
}
