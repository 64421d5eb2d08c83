using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class RollbackCommand
{
    private const int ShownDigits = 12;

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", ResourceWords.Services);
        var deploy = new Argument<string?>("DEPLOY")
        {
            Description = "The id of an earlier deploy. Default: the previous live deploy.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("rollback", "Roll back to an earlier deploy without rebuilding. Turns auto-deploy off.") { name, deploy, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(deploy), parsed.GetValue(json), cancellationToken));
        return (command, ["portico rollback api", "portico rollback api dep-d1a2b3c4d5e6f7g8h9i0"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, string? deploy, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.FindService(name);
        var done = await server.Client.RollBackAsync(resource.Id, new RollBackService(deploy), cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(done, CliJson.Readable.RolledBack));
        else
            Write(host, resource, done);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, ResourceStatus resource, RolledBack done)
    {
        var commit = done.Commit is { Length: > ShownDigits } id ? $", commit {id[..ShownDigits]}" : "";
        host.Out.WriteLine($"Rolling {resource.Name} back to {done.Target}{commit} (deploy {done.DeployId}). Watch it with `portico status`.");
        if (done.AutoDeployWas is { } trigger)
            host.Out.WriteLine(
                $"Auto-deploy is now off, so that the next push does not undo the rollback. To turn it on again: PATCH /v1/services/{resource.Id} {{\"autoDeployTrigger\": \"{trigger}\"}}");
    }
}
