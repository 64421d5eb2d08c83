namespace Portico.Core.Engines;

/// <summary>A request to run a command in a sandbox that exists, with its input and output connected to the caller.</summary>
public sealed record AttachRequest
{
    /// <summary>The running instance in whose sandbox the command runs; null if <see cref="Run"/> is given.</summary>
    public InstanceId? Instance { get; init; }

    /// <summary>The job in whose sandbox the command runs. It must be one that only keeps its sandbox (<see cref="JobRequest.IsHeld"/>).</summary>
    public RunId? Run { get; init; }

    /// <summary>A shell line; null for an interactive shell. It is never a command of Portico's own.</summary>
    public string? Line { get; init; }

    /// <summary>A program, which is searched as the workload's shell does, and its arguments. It is used instead of <see cref="Line"/> if it is not empty.</summary>
    public IReadOnlyList<string> Program { get; init; } = [];

    /// <summary>The terminal that the command gets; null for none: its output and its error output are then separate.</summary>
    public TerminalRequest? Terminal { get; init; }
}

/// <param name="Kind">The value of <c>TERM</c>.</param>
public sealed record TerminalRequest(string Kind, TerminalSize Size);

public readonly record struct TerminalSize(ushort Columns, ushort Rows);

/// <summary>A command whose input and output are connected to the caller. It ends, with all processes that it has started, when this is disposed or the engine ends.</summary>
public interface IAttachedCommand : IAsyncDisposable
{
    Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken);

    /// <summary>Ends the command's input. It does nothing to a terminal.</summary>
    Task EndInputAsync(CancellationToken cancellationToken);

    Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken);

    /// <summary>Returns what the command prints, and last how it ended. Call it once.</summary>
    IAsyncEnumerable<AttachedOutput> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>Something that an attached command has printed, or how it ended.</summary>
public abstract record AttachedOutput
{
    private AttachedOutput() { }

    /// <param name="IsError">Whether it is error output. With a terminal, everything is output.</param>
    public sealed record Bytes(bool IsError, ReadOnlyMemory<byte> Content) : AttachedOutput;

    /// <param name="Code">As a shell reports it: 128 plus the number of the signal that ended the command.</param>
    public sealed record Exited(int Code) : AttachedOutput;
}

/// <summary>A command cannot be attached now. The message is for users.</summary>
public sealed class AttachException : Exception
{
    public AttachException() { }

    public AttachException(string message) : base(message) { }

    public AttachException(string message, Exception innerException) : base(message, innerException) { }
}
