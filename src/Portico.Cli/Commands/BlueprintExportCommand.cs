using System.CommandLine;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class BlueprintExportCommand
{
    public static Command Create(CliHost host)
    {
        var file = BlueprintCommand.FileArgument("The file to write. Default: standard output.");
        var force = new Option<bool>("--force") { Description = "Overwrite the file if it exists." };
        var command = new Command("export", "Export all services and data stores as a render.yaml.") { file, force };
        command.SetAction((parsed, cancellationToken) => RunAsync(host, parsed.GetValue(file), parsed.GetValue(force), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CliHost host, string? path, bool force, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var text = await server.Client.ExportBlueprintAsync(cancellationToken);
        if (path is null or "-")
        {
            host.Out.Write(text);
            return ExitCode.Ok;
        }
        // Literal values of variables are in it.
        await PrivateFile.WriteAsync(host, path, text, force, cancellationToken);
        host.Error.WriteLine($"Wrote {path}.");
        return ExitCode.Ok;
    }
}
