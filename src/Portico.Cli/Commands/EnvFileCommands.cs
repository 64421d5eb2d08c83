using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Cli.Variables;

namespace Portico.Cli.Commands;

/// <summary>The commands that copy variables between a service and a <c>.env</c> file.</summary>
internal static class EnvFileCommands
{
    private const string UsualFile = ".env", Standard = "-";

    public static Command Import(CliHost host)
    {
        var name = EnvCommand.ServiceArgument(host);
        var file = FileArgument("The file to read. Default: .env in the current directory. -: standard input.");
        var command = new Command("import", "Set the variables of a .env file. Other variables of the service stay.") { name, file };
        command.SetAction((parsed, cancellationToken) => ImportAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(file) ?? UsualFile, cancellationToken));
        return command;
    }

    public static Command Pull(CliHost host)
    {
        var name = EnvCommand.ServiceArgument(host);
        var file = FileArgument("The file to write. Default: .env in the current directory. -: standard output.");
        var force = new Option<bool>("--force") { Description = "Overwrite the file if it exists." };
        var command = new Command("pull", "Write the variables of a service to a .env file that only you can read.") { name, file, force };
        command.SetAction((parsed, cancellationToken) => PullAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(file) ?? UsualFile, parsed.GetValue(force), cancellationToken));
        return command;
    }

    private static Argument<string?> FileArgument(string description) => new("FILE") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static async Task<int> ImportAsync(CliHost host, string name, string path, CancellationToken cancellationToken)
    {
        var variables = EnvFile.Parse(await ReadAsync(host, path, cancellationToken), path == Standard ? "standard input" : path);
        if (variables.Count == 0)
            throw new CliException($"{path} contains no variables. Nothing was changed.", "A line has the form KEY=value.", ExitCode.Usage);
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        await new VariableChange(host, server, server.FindService(name)).SetAsync(variables, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task<int> PullAsync(CliHost host, string name, string path, bool force, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var variables = await server.Client.ListVariablesAsync(service.Id, cancellationToken);
        var text = EnvFile.Write(variables.Select(item => KeyValuePair.Create(item.Key, item.Value)));
        if (path == Standard)
        {
            host.Out.Write(text);
            return ExitCode.Ok;
        }
        await PrivateFile.WriteAsync(host, path, text, force, cancellationToken);
        host.Error.WriteLine($"Wrote {variables.Count} variable{(variables.Count == 1 ? "" : "s")} to {path}.");
        return ExitCode.Ok;
    }

    private static async Task<string> ReadAsync(CliHost host, string path, CancellationToken cancellationToken)
    {
        if (path != Standard)
            return File.Exists(host.Absolute(path))
                ? await File.ReadAllTextAsync(host.Absolute(path), cancellationToken)
                : throw new CliException($"There is no file {path}.", "Name the file: portico env import NAME FILE", ExitCode.Usage);
        using var reader = new StreamReader(host.OpenInput());
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
