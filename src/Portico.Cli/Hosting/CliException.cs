namespace Portico.Cli.Hosting;

/// <summary>Ends the command with a message for its user: <c>error: …</c>, then what to do about it.</summary>
internal sealed class CliException(string message, string? hint = null, int exitCode = ExitCode.Failure)
    : Exception(message)
{
    public string? Hint { get; } = hint;

    public int ExitCode { get; } = exitCode;

    /// <summary>Shown below the message as they are, for example the last lines of a log.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];
}
