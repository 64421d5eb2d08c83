using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;
using Portico.Cli.Variables;

namespace Portico.Cli.Commands;

internal static class EnvCommand
{
    private const string Hidden = "(hidden)";

    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("env", "List and change the environment variables of a service.")
        {
            List(host), Set(host), Unset(host), EnvFileCommands.Import(host), EnvFileCommands.Pull(host),
        };
        return (command,
        [
            "portico env list api --show", "portico env set api LOG_LEVEL=debug", "portico env set api STRIPE_KEY        # asks for the value",
            "portico env unset api LOG_LEVEL", "portico env pull api .env", "portico env import api .env",
        ]);
    }

    public static Argument<string> ServiceArgument(CliHost host) => NameArgument.Create(host, "The name of a service.", ResourceWords.Services);

    private static Command List(CliHost host)
    {
        var name = ServiceArgument(host);
        var show = new Option<bool>("--show") { Description = "Show the values." };
        var json = new Option<bool>("--json") { Description = "Print the variables as a JSON array." };
        var command = new Command("list", "List the variables of a service, without those of its env groups. Values are hidden.") { name, show, json };
        command.SetAction((parsed, cancellationToken) => ListAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(show), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Set(CliHost host)
    {
        var name = ServiceArgument(host);
        var variables = new Argument<string[]>("KEY=VALUE")
        {
            Description = "A variable. For a secret, write only KEY: the command asks for the value, or reads a line of standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("set", "Set variables of a service.") { name, variables };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var service = server.FindService(parsed.GetRequiredValue(name));
            var given = await GivenVariables.ReadAsync(host, parsed.GetRequiredValue(variables), cancellationToken);
            await new VariableChange(host, server, service).SetAsync(given, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Unset(CliHost host)
    {
        var name = ServiceArgument(host);
        var keys = new Argument<string[]>("KEY") { Description = "The name of a variable.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("unset", "Remove variables of a service.") { name, keys };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var service = server.FindService(parsed.GetRequiredValue(name));
            await new VariableChange(host, server, service).UnsetAsync(parsed.GetRequiredValue(keys), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> ListAsync(CliHost host, string name, bool show, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var variables = await server.Client.ListVariablesAsync(service.Id, cancellationToken);
        EnvItem[] items = [.. variables.Select(item => new EnvItem(item.Key, show ? item.Value : null))];
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(items, CliJson.Readable.EnvItemArray));
        else if (items.Length == 0)
            host.Out.WriteLine($"{service.Name} has no variables of its own. Add one with `portico env set {service.Name} KEY=VALUE`.");
        else
            Write(host, items);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<EnvItem> items)
    {
        var table = new TextTable("KEY", "VALUE");
        foreach (var item in items)
            table.Add(new(item.Key, host.OutStyle.Bold), item.Value is { } value ? value : new TextTable.Cell(Hidden, host.OutStyle.Dim));
        table.Write(host.Out, host.OutStyle);
    }
}
