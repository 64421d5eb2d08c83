using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Portico.Core.Engines;
using OsProcess = System.Diagnostics.Process;

namespace Portico.Engines.Process.Attached;

/// <summary>The engine's end of <c>attach.pl</c>, which explains the frames that are exchanged.</summary>
/// <param name="process">It ends everything that the command has started when its standard input is closed.</param>
/// <param name="ended">Called when nothing of the command is left.</param>
internal sealed class AttachedCommand(OsProcess process, Action ended) : IAttachedCommand
{
    private const byte Input = 0, EndOfInput = 1, Output = 1, ErrorOutput = 2, ExitStatus = 3, Size = 4, Problem = 5;
    private const int HeaderBytes = 5, MostBytes = 1 << 20;

    private readonly SemaphoreSlim _writing = new(1);
    private bool _isDisposed;

    public async Task WriteAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        if (input.Length > 0)
            await SendAsync(Input, input, cancellationToken);
    }

    public Task EndInputAsync(CancellationToken cancellationToken) => SendAsync(EndOfInput, ReadOnlyMemory<byte>.Empty, cancellationToken);

    public Task ResizeAsync(TerminalSize size, CancellationToken cancellationToken)
    {
        var content = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(content, size.Columns);
        BinaryPrimitives.WriteUInt16BigEndian(content.AsSpan(2), size.Rows);
        return SendAsync(Size, content, cancellationToken);
    }

    public async IAsyncEnumerable<AttachedOutput> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await ReadFrameAsync(cancellationToken) is var (kind, content))
            if (kind is Output or ErrorOutput)
                yield return new AttachedOutput.Bytes(kind == ErrorOutput, content);
            else if (kind == ExitStatus)
                yield return new AttachedOutput.Exited(content[0]);
            else if (kind == Problem)
                throw new AttachException($"The command could not be started. {Encoding.UTF8.GetString(content).Trim()}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        process.StandardInput.BaseStream.Close();
        // It would wait for a reader.
        var discarded = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await process.WaitForExitAsync(CancellationToken.None);
        await discarded;
        process.Dispose();
        _writing.Dispose();
        ended();
    }

    /// <returns>Null when the program has ended.</returns>
    private async Task<(byte Kind, byte[] Content)?> ReadFrameAsync(CancellationToken cancellationToken)
    {
        var header = new byte[HeaderBytes];
        var stream = process.StandardOutput.BaseStream;
        if (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) < HeaderBytes)
            return null;
        var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(1));
        if (length > MostBytes)
            throw new IOException("The program that runs a command in a sandbox sent a frame that is too long.");
        var content = new byte[length];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return (header[0], content);
    }

    private async Task SendAsync(byte kind, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var frame = new byte[HeaderBytes + content.Length];
        frame[0] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)content.Length);
        content.CopyTo(frame.AsMemory(HeaderBytes));
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(frame, cancellationToken);
            await process.StandardInput.BaseStream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The command has ended, which the reader is told.
        }
        finally
        {
            _writing.Release();
        }
    }
}
