namespace Portico.Api.Contracts.Platform;

/// <summary>The first text message of a client of <c>/services/{id}/shell</c> and <c>/services/{id}/run</c>: what to run.</summary>
public sealed record StartShell
{
    /// <summary>A program and its arguments; empty for an interactive shell.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The terminal that the command gets; null for none.</summary>
    public ShellTerminal? Terminal { get; init; }
}

/// <param name="Kind">The value of <c>TERM</c>.</param>
public sealed record ShellTerminal(string Kind, int Columns, int Rows);

/// <summary>A later text message of a client: its terminal has another size.</summary>
public sealed record ShellSize(int Columns, int Rows);

/// <summary>The last text message of the server.</summary>
public sealed record ShellEnd
{
    /// <summary>As a shell reports it; null if the command did not end by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why the session ended, or could not begin; null if the command ended by itself.</summary>
    public string? Message { get; init; }
}

/// <summary>The first byte of each binary message says what the rest is.</summary>
public static class ShellChannel
{
    /// <summary>From the client.</summary>
    public const byte Input = 0;

    /// <summary>From the client, without content: there is no more input.</summary>
    public const byte EndOfInput = 255;

    /// <summary>From the server. With a terminal, everything is output.</summary>
    public const byte Output = 1, ErrorOutput = 2;
}
