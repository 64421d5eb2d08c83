using System.CommandLine;
using Portico.Api.Contracts.Render;
using Portico.Cli.Create;
using Portico.Cli.Hosting;

namespace Portico.Cli.Commands;

/// <summary>The commands that create data stores.</summary>
internal static class CreateStoreCommands
{
    /// <summary>The plans that a Blueprint without a plan gets.</summary>
    private const string PostgresPlan = "basic_256mb", KeyValuePlan = "starter";

    public static Command Postgres(CliHost host)
    {
        var name = CreateCommand.NewName();
        var plan = Plan(PostgresPlan);
        var version = new Option<string?>("--major-version") { Description = "The major version of PostgreSQL. Default: the newest.", HelpName = "N" };
        var database = new Option<string?>("--database-name") { Description = "The name of the database. Default: one that is made from NAME.", HelpName = "NAME" };
        var user = new Option<string?>("--database-user") { Description = "The name of the user. Default: one that is made from NAME.", HelpName = "NAME" };
        var disk = new Option<int?>("--disk-size-gb") { Description = "The size of the disk. Default: that of the plan.", HelpName = "GB" };
        var (workspace, environment) = (WorkspaceOption.Create(), CreateCommand.EnvironmentId());
        var (detach, json) = (CreateCommand.Detach(), CreateCommand.Json());
        var command = new Command("postgres", "Create a PostgreSQL database.") { name, plan, version, database, user, disk, workspace, environment, detach, json };
        command.SetAction((parsed, cancellationToken) => new CreateRun(host, parsed.GetValue(detach), parsed.GetValue(json)).RunAsync(async server =>
        {
            var owner = await WorkspaceOption.FindAsync(server.Client, parsed.GetValue(workspace), cancellationToken);
            var made = await server.Client.CreatePostgresAsync(new PostgresPostInput
            {
                Name = parsed.GetRequiredValue(name),
                OwnerId = owner.Id,
                EnvironmentId = parsed.GetValue(environment),
                Plan = parsed.GetRequiredValue(plan),
                Version = parsed.GetValue(version),
                DatabaseName = parsed.GetValue(database),
                DatabaseUser = parsed.GetValue(user),
                DiskSizeGB = parsed.GetValue(disk),
            }, cancellationToken);
            return new CreatedResource(made.Id, made.Name, "postgres", null, null);
        }, cancellationToken));
        return command;
    }

    public static Command KeyValue(CliHost host)
    {
        var name = CreateCommand.NewName();
        var plan = Plan(KeyValuePlan);
        var policy = new Option<string?>("--maxmemory-policy") { Description = "What is removed when the memory is full, for example allkeys_lru or noeviction.", HelpName = "POLICY" };
        var persistence = new Option<string?>("--persistence-mode") { Description = "Whether data is kept over a restart: journal_snapshot, snapshot or off. Default: journal_snapshot.", HelpName = "MODE" };
        var (workspace, environment) = (WorkspaceOption.Create(), CreateCommand.EnvironmentId());
        var (detach, json) = (CreateCommand.Detach(), CreateCommand.Json());
        var command = new Command("keyvalue", "Create a Key Value store, which is compatible with Redis.") { name, plan, policy, persistence, workspace, environment, detach, json };
        command.SetAction((parsed, cancellationToken) => new CreateRun(host, parsed.GetValue(detach), parsed.GetValue(json)).RunAsync(async server =>
        {
            var owner = await WorkspaceOption.FindAsync(server.Client, parsed.GetValue(workspace), cancellationToken);
            var made = await server.Client.CreateKeyValueAsync(new KeyValuePostInput
            {
                Name = parsed.GetRequiredValue(name),
                OwnerId = owner.Id,
                EnvironmentId = parsed.GetValue(environment),
                Plan = parsed.GetRequiredValue(plan),
                MaxmemoryPolicy = parsed.GetValue(policy),
                PersistenceMode = parsed.GetValue(persistence),
            }, cancellationToken);
            return new CreatedResource(made.Id, made.Name, "key_value", null, null);
        }, cancellationToken));
        return command;
    }

    private static Option<string> Plan(string usual) =>
        new("--plan") { Description = $"The plan, which limits memory and CPU. Default: {usual}.", HelpName = "NAME", DefaultValueFactory = _ => usual };
}
