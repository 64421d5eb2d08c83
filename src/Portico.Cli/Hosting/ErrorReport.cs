using System.Text.Json;
using Portico.Api.Contracts.Platform;
using Portico.Hosting;

namespace Portico.Cli.Hosting;

/// <summary>Writes an error to standard error and returns its exit code.</summary>
internal static class ErrorReport
{
    public static int Write(CliHost host, Exception exception)
    {
        if (exception is OutputClosedException)
            return ExitCode.OutputClosed;
        if (host.Variable("PORTICO_DEBUG") == "1")
            host.Error.WriteLine(exception);
        var error = Describe(exception);
        Write(host, error.Message, error.Hint, error.Details);
        return error.ExitCode;
    }

    public static void Write(CliHost host, string message, string? hint, IReadOnlyList<string> details)
    {
        var style = host.ErrorStyle;
        host.Error.WriteLine($"{style.Red("error:")} {TerminalText.Lines(message)}");
        foreach (var line in details)
            host.Error.WriteLine($"  {style.Dim(TerminalText.Line(line))}");
        if (hint is not null)
            host.Error.WriteLine($"{style.Cyan("hint:")} {TerminalText.Lines(hint)}");
    }

    private static CliException Describe(Exception exception) => exception switch
    {
        CliException error => error,
        SettingsException error => new CliException(error.Message, null, ExitCode.Usage),
        PlatformException { StatusCode: 401 } error => new CliException(
            error.Message, "The server rejected this machine's API key. Restart Portico with `portico down`, then `portico up`."),
        PlatformException { StatusCode: 403 } error => new CliException(error.Message, "Ask an admin of the workspace, or use another API key."),
        PlatformException error => new CliException(error.Message),
        HttpRequestException or HttpIOException => new CliException(
            $"The connection to the server was lost: {exception.Message}",
            "The server restarts automatically. Try again in a moment; if that fails, run `portico doctor`."),
        JsonException => new CliException(
            "This command cannot read the server's response.",
            "The server probably has another version than this command. Restart it with `portico down`, then `portico up`."),
        UnauthorizedAccessException or IOException => new CliException(exception.Message),
        _ => new CliException(
            $"Unexpected error: {exception.Message} ({exception.GetType().Name})",
            "This is a bug in Portico. Run the command again with PORTICO_DEBUG=1 to get the details for a bug report."),
    };
}
