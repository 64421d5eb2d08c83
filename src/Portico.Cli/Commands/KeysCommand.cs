using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class KeysCommand
{
    private const int LongestDays = 3650;

    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("keys", "Make, list and revoke API keys.") { CreateOne(host), List(host), Revoke(host) };
        return (command, ["portico keys create ci --expires-in 90", "portico keys list", "portico keys revoke key-06dn5p7q2ho1gshq57rg"]);
    }

    private static Command CreateOne(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "What it is for." };
        var days = new Option<int?>("--expires-in") { Description = "Days until it ends. Default: never.", HelpName = "DAYS" };
        var user = new Option<string?>("--user") { Description = "Email address of whom it is for. Default: the owner of this machine.", HelpName = "EMAIL" };
        var json = new Option<bool>("--json") { Description = "Print an object, for scripts." };
        days.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number is >= 1 and <= LongestDays))
                result.AddError($"--expires-in is '{result.Tokens[0].Value}'; it must be a whole number from 1 to {LongestDays}.");
        });
        var command = new Command("create", "Make a key, and print it this once.") { name, days, user, json };
        command.SetAction((parsed, cancellationToken) => CreateAsync(host, new CreateKey(
            parsed.GetRequiredValue(name),
            parsed.GetValue(days) is { } count ? host.Time.GetUtcNow().AddDays(count) : null,
            parsed.GetValue(user)), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command List(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print an array, for scripts." };
        var command = new Command("list", "Show every key and login, never the key itself.") { json };
        command.SetAction((parsed, cancellationToken) => ListAsync(host, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Revoke(CliHost host)
    {
        var id = new Argument<string>("ID") { Description = "As `keys list` shows it." };
        var command = new Command("revoke", "Refuse a key from now on.") { id };
        command.SetAction((parsed, cancellationToken) => RevokeAsync(host, parsed.GetRequiredValue(id), cancellationToken));
        return command;
    }

    private static async Task<int> CreateAsync(CliHost host, CreateKey request, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var created = await server.Client.CreateKeyAsync(request, cancellationToken);
        host.Out.WriteLine(asJson ? JsonSerializer.Serialize(created, CliJson.Default.CreatedKey) : created.Secret);
        if (!asJson)
            host.Error.WriteLine($"This is the only time it is shown. `portico keys revoke {created.Key.Id}` ends it.");
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(CliHost host, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var keys = await server.Client.ListKeysAsync(cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. keys], CliJson.Default.KeyInfoArray));
        else if (keys.Count == 0)
            host.Out.WriteLine("There are no keys yet. `portico keys create NAME` makes one.");
        else
            Write(host, keys);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<KeyInfo> keys)
    {
        var table = new TextTable("ID", "NAME", "KIND", "USER", "CREATED", "EXPIRES", "LAST USED");
        foreach (var key in keys)
            table.Add(
                key.Id, new(key.Name, host.OutStyle.Bold), key.Kind, key.User,
                Day(key.CreatedAt), Day(key.ExpiresAt), Day(key.LastUsedAt));
        table.Write(host.Out, host.OutStyle);
    }

    private static string? Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static async Task<int> RevokeAsync(CliHost host, string id, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        await server.Client.RevokeKeyAsync(id, cancellationToken);
        host.Out.WriteLine($"Revoked {id}.");
        return ExitCode.Ok;
    }
}
