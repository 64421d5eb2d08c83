using System.CommandLine;
using Portico.Cli.Create;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

internal static class CreateCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("create", "Create a service, a database or a Key Value store, and wait until it is live.")
        {
            Service(host, "web", "web_service", "Create a web service, which has a public URL."),
            Service(host, "private", "private_service", "Create a private service, which only services of its workspace reach."),
            Service(host, "worker", "background_worker", "Create a background worker, which serves no requests."),
            Service(host, "cron", "cron_job", "Create a cron job, which runs at the times of a schedule."),
            Service(host, "static", "static_site", "Create a static site."),
            CreateStoreCommands.Postgres(host),
            CreateStoreCommands.KeyValue(host),
        };
        return (command,
        [
            "portico create web api --repo https://github.com/me/shop --runtime node --build-command 'npm ci' --start-command 'node api.js'",
            "portico create static site --repo . --build-command 'npm run build' --publish-path dist",
            "portico create cron nightly --schedule '0 3 * * *' --repo . --runtime python --start-command 'python clean.py'",
            "portico create postgres shop-db",
        ]);
    }

    public static Argument<string> NewName() => new("NAME") { Description = "The name of the new resource." };

    public static Option<string?> EnvironmentId() => new("--environment-id") { Description = "The id of the environment of a project. Default: none.", HelpName = "ID" };

    public static Option<bool> Detach() => new("--detach", "-d") { Description = "Exit at once, without waiting until it is live or has failed." };

    public static Option<bool> Json() => new("--json") { Description = "Print the new resource as JSON." };

    private static Command Service(CliHost host, string word, string type, string description)
    {
        var name = NewName();
        var options = new ServiceOptions(type);
        var workspace = WorkspaceOption.Create();
        var (detach, json) = (Detach(), Json());
        var command = new Command(word, description) { name };
        foreach (var option in options.All.Concat([workspace, detach, json]))
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => new CreateRun(host, parsed.GetValue(detach), parsed.GetValue(json)).RunAsync(async server =>
        {
            var owner = await WorkspaceOption.FindAsync(server.Client, parsed.GetValue(workspace), cancellationToken);
            var made = await server.Client.CreateServiceAsync(options.Read(host, parsed, parsed.GetRequiredValue(name), owner.Id), cancellationToken);
            return new CreatedResource(made.Service.Id, made.Service.Name, made.Service.Type, made.Service.ServiceDetails.Url, made.DeployId);
        }, cancellationToken));
        return command;
    }
}
