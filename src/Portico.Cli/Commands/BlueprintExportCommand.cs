using System.CommandLine;
using System.Text;
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
        using var server = await ServerConnection.OpenAsync(host.LoadSettings().Paths, cancellationToken);
        var text = await server.Client.ExportBlueprintAsync(cancellationToken);
        if (path is null or "-")
        {
            host.Out.Write(text);
            return ExitCode.Ok;
        }
        var target = host.Absolute(path);
        if (File.Exists(target) && !force)
            throw new CliException($"{path} already exists.", "Choose another name, or add --force to overwrite it.", ExitCode.Usage);
        await WriteAsync(target, text, cancellationToken);
        host.Error.WriteLine($"Wrote {path}.");
        return ExitCode.Ok;
    }

    /// <summary>For this user's eyes alone, from the first byte: literal values of variables are in it.</summary>
    private static async Task WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = Own };
        await using var file = new FileStream(path, options);
        File.SetUnixFileMode(file.SafeFileHandle, Own);
        file.SetLength(0);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
    }
}
