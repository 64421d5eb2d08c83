using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class DbCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("db", "Print the connection URL of a database or Key Value store.") { Url(host) };
        return (command, ["portico db url shop-db", "portico db url shop-db --external", "portico env set api DATABASE_URL=\"$(portico db url shop-db)\""]);
    }

    private static Command Url(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a database or Key Value store.", "postgres", "key_value");
        var external = new Option<bool>("--external") { Description = "Print the URL for clients outside of the private network." };
        var command = new Command("url", "Print the connection URL, with the password. Default: the URL for services of the same workspace.") { name, external };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var store = server.FindDataStore(parsed.GetRequiredValue(name));
            var connection = await server.Client.GetConnectionAsync(store.Id, cancellationToken);
            host.Out.WriteLine(parsed.GetValue(external) ? connection.ExternalConnectionString : connection.InternalConnectionString);
            return ExitCode.Ok;
        });
        return command;
    }
}
