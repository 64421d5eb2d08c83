using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Portico.Core.Engines;

namespace Portico.Testing.Engines;

/// <summary>Prints what it was asked to run, then repeats its input until a line <c>exit N</c> or the end of its input.</summary>
internal sealed class SimAttachedCommand : IAttachedCommand
{
    private readonly Channel<AttachedOutput> _output = Channel.CreateUnbounded<AttachedOutput>();

    public SimAttachedCommand(AttachRequest request) =>
        Print($"{request.Instance?.Value ?? request.Run?.Value}: {request.Line ?? string.Join(' ', request.Program)}\n");

    public Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(input.Span);
        if (text.StartsWith("exit ", StringComparison.Ordinal))
            End(int.Parse(text[5..].Trim(), CultureInfo.InvariantCulture));
        else
            Print(text);
        return Task.CompletedTask;
    }

    public Task EndInputAsync(CancellationToken cancellationToken)
    {
        End(0);
        return Task.CompletedTask;
    }

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        Print($"{size.Columns}x{size.Rows}\n");
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<AttachedOutput> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var output in _output.Reader.ReadAllAsync(cancellationToken))
            yield return output;
    }

    public ValueTask DisposeAsync()
    {
        _output.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    private void Print(string text) => _output.Writer.TryWrite(new AttachedOutput.Bytes(IsError: false, Encoding.UTF8.GetBytes(text)));

    private void End(int code)
    {
        _output.Writer.TryWrite(new AttachedOutput.Exited(code));
        _output.Writer.TryComplete();
    }
}
