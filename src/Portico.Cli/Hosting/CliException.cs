namespace Portico.Cli.Hosting;

/// <summary>Ends the command with a message for the user: <c>error: …</c>, then a hint that says what to do.</summary>
internal sealed class CliException(string message, string? hint = null, int exitCode = ExitCode.Failure)
    : Exception(message)
{
    public string? Hint { get; } = hint;

    public int ExitCode { get; } = exitCode;

    /// <summary>Lines to show below the message, for example the end of a log.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
