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
        var command = new Command("keys", "Create, list and revoke API keys.") { CreateOne(host), List(host), Revoke(host) };
        return (command, ["portico keys create ci --expires-in 90", "portico keys list", "portico keys revoke key-06dn5p7q2ho1gshq57rg"]);
    }

    private static Command CreateOne(CliHost host)
    {
        var name = new Argument<string>("NAME") { Description = "A name for the key, for example what uses it." };
        var days = new Option<int?>("--expires-in") { Description = "Days until the key expires. Default: it never expires.", HelpName = "DAYS" };
        var user = new Option<string?>("--user") { Description = "E-mail address of the user who gets the key. Default: the owner of this machine.", HelpName = "EMAIL" };
        var json = new Option<bool>("--json") { Description = "Print the key as JSON." };
        days.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, out var number) && number is >= 1 and <= LongestDays))
                result.AddError($"--expires-in is '{result.Tokens[0].Value}'; it must be a whole number from 1 to {LongestDays}.");
        });
        var command = new Command("create", "Create an API key. It is shown only once.") { name, days, user, json };
        command.SetAction((parsed, cancellationToken) => CreateAsync(host, new CreateKey(
            parsed.GetRequiredValue(name),
            parsed.GetValue(days) is { } count ? host.Time.GetUtcNow().AddDays(count) : null,
            parsed.GetValue(user)), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command List(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print the keys as a JSON array." };
        var command = new Command("list", "List all API keys and logins. The keys themselves are never shown.") { json };
        command.SetAction((parsed, cancellationToken) => ListAsync(host, parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command Revoke(CliHost host)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, from `keys list`." };
        var command = new Command("revoke", "Revoke an API key. It stops working immediately.") { id };
        command.SetAction((parsed, cancellationToken) => RevokeAsync(host, parsed.GetRequiredValue(id), cancellationToken));
        return command;
    }

    private static async Task<int> CreateAsync(CliHost host, CreateKey request, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var created = await server.Client.CreateKeyAsync(request, cancellationToken);
        host.Out.WriteLine(asJson ? JsonSerializer.Serialize(created, CliJson.Readable.CreatedKey) : created.Secret);
        if (!asJson)
            host.Error.WriteLine($"Copy the key now: it is not shown again. Revoke it with `portico keys revoke {created.Key.Id}`.");
        return ExitCode.Ok;
    }

    private static async Task<int> ListAsync(CliHost host, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var keys = await server.Client.ListKeysAsync(cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. keys], CliJson.Readable.KeyInfoArray));
        else if (keys.Count == 0)
            host.Out.WriteLine("There are no API keys yet. Create one with `portico keys create NAME`.");
        else
            Write(host, keys);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<KeyInfo> keys)
    {
        var table = new TextTable("ID", "NAME", "KIND", "MACHINE", "USER", "CREATED", "EXPIRES", "LAST USED");
        foreach (var key in keys)
            table.Add(
                key.Id, new(key.Name, host.OutStyle.Bold), key.Kind, key.Machine, key.User,
                Day(key.CreatedAt), Day(key.ExpiresAt), Day(key.LastUsedAt));
        table.Write(host.Out, host.OutStyle);
    }

    private static string? Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static async Task<int> RevokeAsync(CliHost host, string id, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        await server.Client.RevokeKeyAsync(id, cancellationToken);
        host.Out.WriteLine($"Revoked {id}.");
        return ExitCode.Ok;
    }
}
