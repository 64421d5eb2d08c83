using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Up;

namespace Portico.Cli.Commands;

internal static class DeployCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", ResourceWords.Services);
        var commit = new Option<string?>("--commit") { Description = "The commit to deploy. Default: the newest of its branch, or of the last upload.", HelpName = "ID" };
        var clear = new Option<bool>("--clear-cache") { Description = "Build without the files that earlier builds have kept." };
        var detach = new Option<bool>("--detach", "-d") { Description = "Exit at once, without waiting until the deploy is live or has failed." };
        var json = new Option<bool>("--json") { Description = "Print the deploy as JSON." };
        var command = new Command("deploy", "Build and deploy a service again, and wait until it is live or has failed.") { name, commit, clear, detach, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name),
            new DeployPost { CommitId = parsed.GetValue(commit), ClearCache = parsed.GetValue(clear) ? "clear" : null },
            parsed.GetValue(detach), parsed.GetValue(json), cancellationToken));
        return (command, ["portico deploy api", "portico deploy api --commit 3f2a91c", "portico deploy api --clear-cache --detach"]);
    }

    private static async Task<int> RunAsync(
        CliHost host, string name, DeployPost request, bool detach, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var deploy = await server.Client.DeployAsync(service.Id, request, cancellationToken);
        if (!asJson)
            host.Out.WriteLine($"Deploying {service.Name} ({deploy.Id}).{(detach ? $" Watch it with `portico deploys {service.Name}`." : "")}");
        var code = detach ? ExitCode.Ok : await new ResourceWait(host, server, asJson).RunAsync(service.Id, service.Name, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(
                detach ? deploy : await server.Client.GetDeployAsync(service.Id, deploy.Id, cancellationToken), CliJson.Readable.Deploy));
        return code;
    }
}
