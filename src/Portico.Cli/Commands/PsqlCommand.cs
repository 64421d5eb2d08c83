using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class PsqlCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a Postgres database.", "postgres");
        var rest = PassedOn.Create("ARGS", "Arguments for psql, such as -c 'SELECT 1'. After `--`, also those that have a meaning here, such as --help.");
        var command = new Command("psql", "Connect to a database with psql.") { name, rest };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(rest) ?? [], cancellationToken));
        return (command, ["portico psql guestbook-db", "portico psql guestbook-db -c 'select count(*) from entries'"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, string[] arguments, CancellationToken cancellationToken)
    {
        ConnectionDetails connection;
        using (var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken))
        {
            var resource = server.Find(name);
            if (resource.Type != "postgres")
                throw new CliException(
                    $"{resource.Name} is {ResourceWords.Of(resource.Type)}, not a Postgres database.",
                    server.Status.Resources.FirstOrDefault(item => item.Type == "postgres") is { } database
                        ? $"Connect to a database: portico psql {database.Name}" : "`portico status` shows the type of each resource.");
            connection = await server.Client.GetConnectionAsync(resource.Name, cancellationToken);
        }
        // psql handles Ctrl-C: it cancels a query, and must not end this process before psql ends.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using var process = Start(host, connection, arguments);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static Process Start(CliHost host, ConnectionDetails connection, string[] arguments)
    {
        var start = new ProcessStartInfo("psql", arguments) { WorkingDirectory = host.WorkingDirectory };
        // Pass the password in the environment: every user of the machine can read arguments.
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = connection.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGDATABASE"] = connection.Database ?? connection.User;
        start.Environment["PGUSER"] = connection.User;
        start.Environment["PGPASSWORD"] = connection.Password;
        start.Environment["PGAPPNAME"] = "portico psql";
        foreach (var other in new[] { "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE", "PGHOSTADDR", "PGOPTIONS" })
            start.Environment.Remove(other);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new CliException(
                "`psql` is not installed.", "Install it: apt-get install postgresql-client (macOS: brew install libpq)");
        }
    }
}
