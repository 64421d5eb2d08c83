using System.CommandLine;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class RollbackCommand
{
    private const int ShownDigits = 12;

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", "web_service", "private_service", "background_worker", "static_site", "cron_job");
        var deploy = new Argument<string?>("DEPLOY")
        {
            Description = "The id of an earlier deploy. Default: the previous live deploy.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("rollback", "Roll back to an earlier deploy without rebuilding. Turns auto-deploy off.") { name, deploy };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(deploy), cancellationToken));
        return (command, ["portico rollback api", "portico rollback api dep-d1a2b3c4d5e6f7g8h9i0"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, string? deploy, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var resource = server.Find(name);
        var done = await server.Client.RollBackAsync(resource.Name, new RollBackService(deploy), cancellationToken);
        var commit = done.Commit is { Length: > ShownDigits } id ? $", commit {id[..ShownDigits]}" : "";
        host.Out.WriteLine($"Rolling {resource.Name} back to {done.Target}{commit} (deploy {done.DeployId}). Watch it with `portico status`.");
        if (done.AutoDeployWas is { } trigger)
            host.Out.WriteLine(
                $"Auto-deploy is now off, so that the next push does not undo the rollback. To turn it on again: PATCH /v1/services/{resource.Id} {{\"autoDeployTrigger\": \"{trigger}\"}}");
        return ExitCode.Ok;
    }
}
