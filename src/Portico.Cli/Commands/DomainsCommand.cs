using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DomainsCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("domains", "List, add and remove the custom domains of a web service or static site.") { List(host), Add(host), Remove(host) };
        return (command, ["portico domains add web shop.example.com", "portico domains list web", "portico domains remove web shop.example.com"]);
    }

    private static Argument<string> ServiceArgument(CliHost host) => NameArgument.Create(host, "The name of a web service or static site.", "web_service", "static_site");

    private static Command List(CliHost host)
    {
        var name = ServiceArgument(host);
        var json = new Option<bool>("--json") { Description = "Print the custom domains as a JSON array." };
        var command = new Command("list", "List the custom domains of a service.") { name, json };
        command.SetAction((parsed, cancellationToken) => ListAsync(host, parsed.GetRequiredValue(name), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Add(CliHost host)
    {
        var (name, domain) = (ServiceArgument(host), new Argument<string>("DOMAIN") { Description = "The host name, for example shop.example.com." });
        var json = new Option<bool>("--json") { Description = "Print what was added as a JSON array." };
        var command = new Command("add", "Add a custom domain, and its counterpart with or without www.") { name, domain, json };
        command.SetAction((parsed, cancellationToken) => AddAsync(
            host, parsed.GetRequiredValue(name), parsed.GetRequiredValue(domain), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var (name, domain) = (ServiceArgument(host), new Argument<string>("DOMAIN") { Description = "The host name." });
        var command = new Command("remove", "Remove a custom domain, and the counterpart that redirects to it.") { name, domain };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var service = server.FindService(parsed.GetRequiredValue(name));
            await server.Client.RemoveDomainAsync(service.Id, parsed.GetRequiredValue(domain), cancellationToken);
            host.Out.WriteLine($"Removed {parsed.GetRequiredValue(domain)} from {service.Name}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> ListAsync(CliHost host, string name, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var domains = await server.Client.ListDomainsAsync(service.Id, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. domains], CliJson.Readable.CustomDomainArray));
        else if (domains.Count == 0)
            host.Out.WriteLine($"{service.Name} has no custom domains. Add one with `portico domains add {service.Name} DOMAIN`.");
        else
            Write(host, domains);
        return ExitCode.Ok;
    }

    private static async Task<int> AddAsync(CliHost host, string name, string domain, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var added = await server.Client.AddDomainAsync(service.Id, domain, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. added], CliJson.Readable.CustomDomainArray));
        else
            Write(host, added);
        if (added.Any(item => item.VerificationStatus != "verified"))
            host.Error.WriteLine($"Let the DNS records of {string.Join(" and ", added.Select(item => item.Name))} lead to this machine. `portico domains list {service.Name}` shows when Portico has verified them.");
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<CustomDomain> domains)
    {
        var table = new TextTable("DOMAIN", "STATUS", "REDIRECTS TO");
        foreach (var domain in domains)
            table.Add(
                new(domain.Name, host.OutStyle.Bold), new(domain.VerificationStatus, domain.VerificationStatus == "verified" ? host.OutStyle.Green : host.OutStyle.Yellow),
                domain.RedirectForName.Length > 0 ? domain.RedirectForName : null);
        table.Write(host.Out, host.OutStyle);
    }
}
