using System.Runtime.InteropServices;
using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;

namespace Portico.Cli.Shells;

/// <summary>Connects the terminal, or standard input and output, with a command on the platform.</summary>
internal sealed class ShellRun(CliHost host)
{
    /// <summary>Whether the command gets a terminal: only if there is one for both its input and its output.</summary>
    private bool HasTerminal => host.InIsTerminal && host.OutIsTerminal;

    /// <param name="open">Connects to the server.</param>
    /// <returns>The exit code of the command.</returns>
    /// <exception cref="CliException">The session ended otherwise than by the end of the command.</exception>
    public async Task<int> RunAsync(IReadOnlyList<string> command, Func<StartShell, Task<ShellConnection>> open, CancellationToken cancellationToken)
    {
        var size = host.TerminalSize();
        var start = new StartShell { Command = command, Terminal = HasTerminal ? new ShellTerminal(host.Variable("TERM") ?? "xterm", size.Columns, size.Rows) : null };
        using var connection = await open(start);
        using var raw = HasTerminal ? new RawTerminal() : null;
        using var resized = HasTerminal ? PosixSignalRegistration.Create(PosixSignal.SIGWINCH, signal => Resize(signal, connection, cancellationToken)) : null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A read of the terminal cannot be canceled, so nobody waits for it.
        _ = Task.Run(() => PassInputAsync(connection, ending.Token), CancellationToken.None);
        try
        {
            return await PrintAsync(connection, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
        }
    }

    private void Resize(PosixSignalContext signal, ShellConnection connection, CancellationToken cancellationToken)
    {
        signal.Cancel = true;
        // A handler cannot wait, and a size that does not arrive is followed by another one.
        _ = connection.ResizeAsync(host.TerminalSize(), cancellationToken);
    }

    private async Task<int> PrintAsync(ShellConnection connection, CancellationToken cancellationToken)
    {
        await using var output = host.OpenOutput();
        await using var error = host.OpenErrorOutput();
        await foreach (var (channel, bytes, end) in connection.ReadAsync(cancellationToken))
        {
            if (end is not null)
                return end.ExitCode ?? throw new CliException(end.Message ?? "The session was closed.");
            var stream = channel == ShellChannel.ErrorOutput ? error : output;
            await stream.WriteAsync(bytes, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        throw new CliException("The connection to the server was lost.", "The command on the platform has ended with it.");
    }

    private async Task PassInputAsync(ShellConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = host.OpenInput();
            var buffer = new byte[32 << 10];
            while (await input.ReadAsync(buffer, cancellationToken) is var count and > 0)
                await connection.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await connection.EndInputAsync(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or IOException)
        {
            // The command has ended.
        }
    }
}
