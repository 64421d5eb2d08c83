using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells;

/// <summary>The other end of a shell session, a websocket or an SSH connection.</summary>
internal interface IShellClient
{
    /// <summary>Reads what the client sends. It ends when the client is gone.</summary>
    IAsyncEnumerable<ShellInput> ReadAsync(CancellationToken cancellationToken);

    Task WriteAsync(AttachedOutput.Bytes output, CancellationToken cancellationToken);

    /// <summary>Tells the client how the session ended.</summary>
    Task EndAsync(ShellResult result, CancellationToken cancellationToken);
}

/// <summary>What a client sends during a session.</summary>
internal abstract record ShellInput
{
    private ShellInput() { }

    public sealed record Bytes(ReadOnlyMemory<byte> Content) : ShellInput;

    public sealed record End : ShellInput;

    public sealed record Resize(TerminalSize Size) : ShellInput;
}

/// <summary>How a session ended: by the end of its command, or for another reason.</summary>
internal sealed record ShellResult(int? ExitCode, string? Message);
