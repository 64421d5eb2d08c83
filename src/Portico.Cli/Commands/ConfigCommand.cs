using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Remotes;
using Portico.Cli.Rendering;

namespace Portico.Cli.Commands;

internal static class ConfigCommand
{
    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("config", "Choose the platform that commands use: on this machine, or one that you logged in to.") { List(host), Use(host), Remove(host) };
        return (command, ["portico config list", "portico config use portico.example.com", "portico config use local"]);
    }

    private static Command List(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print the platforms as a JSON array." };
        var command = new Command("list", "List the platforms that you can use.") { json };
        command.SetAction(parsed =>
        {
            Write(host, parsed.GetValue(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Use(CliHost host)
    {
        var name = NameOf(host, orLocal: true);
        var command = new Command("use", "Choose the platform that commands use.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = new RemoteStore(host);
            var chosen = parsed.GetRequiredValue(name);
            var list = store.Read();
            await store.WriteAsync(list with { Current = chosen == Remote.Local ? null : Require(list, chosen).Name }, cancellationToken);
            host.Out.WriteLine(chosen == Remote.Local ? "Commands use the platform on this machine." : $"Commands use {Require(list, chosen).Url}.");
            if (store.IsFromEnvironment)
                host.Error.WriteLine($"{host.ErrorStyle.Yellow("warning:")} PORTICO_HOST is set, and takes precedence.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var name = NameOf(host, orLocal: false);
        var command = new Command("remove", "Forget a platform and its API key. The key stays valid until it is revoked.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = new RemoteStore(host);
            var remote = Require(store.Read(), parsed.GetRequiredValue(name));
            await store.WriteAsync(store.Read().Without(remote.Name), cancellationToken);
            host.Out.WriteLine($"Removed {remote.Name}. Its API key stays valid until `portico keys revoke` revokes it on that platform.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> NameOf(CliHost host, bool orLocal)
    {
        var name = new Argument<string>("PLATFORM") { Description = "The name of the platform, from `config list`.", HelpName = "PLATFORM" };
        name.CompletionSources.Add(_ => Names(host, orLocal));
        return name;
    }

    // A failure completes nothing: a user who presses Tab must not see an error.
    private static List<string> Names(CliHost host, bool orLocal)
    {
        try
        {
            return [.. orLocal ? [Remote.Local] : Array.Empty<string>(), .. new RemoteStore(host).Read().Remotes.Select(item => item.Name)];
        }
        catch (Exception)
        {
            return [];
        }
    }

    private static Remote Require(RemoteList list, string name) => list.Find(name) ?? throw new CliException(
        $"There is no platform '{name}'.", $"There are: {string.Join(", ", list.Remotes.Select(item => item.Name).Prepend(Remote.Local))}. `portico login URL` adds one.", ExitCode.Usage);

    private static void Write(CliHost host, bool asJson)
    {
        var list = new RemoteStore(host).Read();
        RemoteItem[] items = [new(Remote.Local, null, list.Chosen is null), .. list.Remotes.Select(item => new RemoteItem(item.Name, item.Url, item.Name == list.Current))];
        if (asJson)
        {
            host.Out.WriteLine(JsonSerializer.Serialize(items, CliJson.Readable.RemoteItemArray));
            return;
        }
        var table = new TextTable("NAME", "URL", "USED");
        foreach (var item in items)
            table.Add(new(item.Name, host.OutStyle.Bold), item.Url ?? "this machine", item.Used ? "yes" : "no");
        table.Write(host.Out, host.OutStyle);
        if (host.Variable("PORTICO_HOST") is { } given)
            host.Error.WriteLine($"PORTICO_HOST is {given}, and takes precedence.");
    }
}
