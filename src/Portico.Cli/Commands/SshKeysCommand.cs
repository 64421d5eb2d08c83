using System.CommandLine;
using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class SshKeysCommand
{
    private const string UsualFile = ".ssh/id_ed25519.pub";

    public static (Command, string[]) Create(CliHost host)
    {
        var command = new Command("ssh-keys", "List, add and remove the public keys with which you open shells over SSH.") { List(host), Add(host), Remove(host) };
        return (command, ["portico ssh-keys add", "portico ssh-keys add ~/.ssh/work.pub --name work", "portico ssh-keys list"]);
    }

    private static Command List(CliHost host)
    {
        var json = new Option<bool>("--json") { Description = "Print the keys as a JSON array." };
        var command = new Command("list", "List your SSH keys.") { json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var keys = await server.Client.ListSshKeysAsync(cancellationToken);
            if (parsed.GetValue(json))
                host.Out.WriteLine(JsonSerializer.Serialize([.. keys], CliJson.Readable.SshKeyInfoArray));
            else if (keys.Count == 0)
                host.Out.WriteLine("You have no SSH keys yet. Add one with `portico ssh-keys add`.");
            else
                Write(host, keys);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Add(CliHost host)
    {
        var file = new Argument<string?>("FILE") { Description = $"The file with the public key. Default: ~/{UsualFile}. -: standard input.", Arity = ArgumentArity.ZeroOrOne };
        var name = new Option<string?>("--name") { Description = "A name for the key. Default: its comment.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "Print the key as JSON." };
        var command = new Command("add", "Add a public key.") { file, name, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var text = await ReadAsync(host, parsed.GetValue(file), cancellationToken);
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            var added = await server.Client.AddSshKeyAsync(new AddSshKey(parsed.GetValue(name) ?? CommentIn(text), text), cancellationToken);
            host.Out.WriteLine(parsed.GetValue(json)
                ? JsonSerializer.Serialize(added, CliJson.Readable.SshKeyInfo)
                : $"Added {added.Name} ({added.Fingerprint}). Remove it with `portico ssh-keys remove {added.Id}`.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Remove(CliHost host)
    {
        var id = new Argument<string>("ID") { Description = "The key's id, from `ssh-keys list`." };
        var command = new Command("remove", "Remove a public key. Its sessions end.") { id };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var server = await ServerConnection.OpenAsync(host, cancellationToken);
            await server.Client.RemoveSshKeyAsync(parsed.GetRequiredValue(id), cancellationToken);
            host.Out.WriteLine($"Removed {parsed.GetRequiredValue(id)}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> ReadAsync(CliHost host, string? given, CancellationToken cancellationToken)
    {
        if (given == "-")
        {
            using var reader = new StreamReader(host.OpenInput());
            return (await reader.ReadToEndAsync(cancellationToken)).Trim();
        }
        var path = given is not null ? host.Absolute(given) : Path.Combine(host.Variable("HOME") ?? "/", UsualFile);
        if (!File.Exists(path))
            throw new CliException($"There is no file {path}.", "Name the file with the public key, or make a key with `ssh-keygen -t ed25519`.", ExitCode.Usage);
        var text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        return text.Contains("PRIVATE KEY", StringComparison.Ordinal)
            ? throw new CliException($"{path} is a private key, which must stay secret.", $"Use the public key: {path}.pub", ExitCode.Usage)
            : text;
    }

    /// <summary>A public key is <c>TYPE KEY COMMENT</c>.</summary>
    private static string CommentIn(string text) =>
        text.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [_, _, { Length: > 0 } comment] ? comment : Environment.MachineName;

    private static void Write(CliHost host, IReadOnlyList<SshKeyInfo> keys)
    {
        var table = new TextTable("ID", "NAME", "FINGERPRINT", "CREATED");
        foreach (var key in keys)
            table.Add(key.Id, new(key.Name, host.OutStyle.Bold), key.Fingerprint, TimeText.Of(key.CreatedAt));
        table.Write(host.Out, host.OutStyle);
    }
}
