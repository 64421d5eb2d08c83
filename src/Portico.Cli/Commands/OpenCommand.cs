using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class OpenCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a web service or static site.", "web_service", "static_site");
        var command = new Command("open", "Open a service in the browser and print its URL.") { name };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetRequiredValue(name), cancellationToken));
        return (command, ["portico open web", "curl \"$(portico open api)\"/healthz"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.Find(name);
        if (resource.Url is not { } url)
            throw new CliException($"{resource.Name} has no public URL: it is {ResourceWords.Of(resource.Type)}.", Instead(resource));
        host.Out.WriteLine(url);
        Browser.Show(host, url);
        return ExitCode.Ok;
    }

    /// <summary>Says what to do with a resource that no browser can open.</summary>
    private static string Instead(ResourceStatus resource) => resource.Type switch
    {
        "postgres" => $"Connect with `portico psql {resource.Name}`. Services reach it at {resource.InternalAddress}.",
        "key_value" => $"Connect with `redis-cli -u redis://{resource.InternalAddress}`. Services reach it at {resource.InternalAddress}.",
        "cron_job" or "background_worker" => $"See what it does with `portico logs {resource.Name}`.",
        _ when resource.InternalAddress is { } address => $"Other services reach it at {address}. See what it does with `portico logs {resource.Name}`.",
        _ => $"See what it does with `portico logs {resource.Name}`.",
    };
}
