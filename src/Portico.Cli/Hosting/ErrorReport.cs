using System.Text.Json;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Hosting;

/// <summary>Says what went wrong on standard error, and gives the exit code that goes with it.</summary>
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
        host.Error.WriteLine($"{style.Red("error:")} {message}");
        foreach (var line in details)
            host.Error.WriteLine($"  {style.Dim(line)}");
        if (hint is not null)
            host.Error.WriteLine($"{style.Cyan("hint:")} {hint}");
    }

    private static CliException Describe(Exception exception) => exception switch
    {
        CliException error => error,
        SettingsException error => new CliException(error.Message, null, ExitCode.Usage),
        PlatformException { StatusCode: 401 or 403 } error => new CliException(
            error.Message, "The server does not take this machine's key. `portico down`, then `portico up`, starts it afresh."),
        PlatformException error => new CliException(error.Message),
        HttpRequestException or HttpIOException => new CliException(
            $"The connection to the server broke: {exception.Message}",
            "It is restarted by itself: try again in a moment. `portico doctor` says what is wrong if it stays so."),
        JsonException => new CliException(
            "The server answered in a way that this command does not understand.",
            "They are probably of different versions: `portico down`, then `portico up`."),
        UnauthorizedAccessException or IOException => new CliException(exception.Message),
        _ => new CliException(
            $"Something unexpected went wrong: {exception.Message} ({exception.GetType().Name})",
            "This is a bug in Portico. Set PORTICO_DEBUG=1 and run it again for the details to report."),
    };
}
