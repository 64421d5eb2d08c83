using System.Runtime.InteropServices;

namespace Portico.Cli.Hosting;

/// <summary>
/// Standard output that reports when its reader has closed it. The console's own stream ignores that, and
/// <c>portico logs api --tail | head</c> would then never end.
/// </summary>
internal sealed class StandardOutput : Stream
{
    private const int Descriptor = 1;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            var done = 0;
            while (done < buffer.Length)
            {
                var written = NativeMethods.Write(Descriptor, start + done, buffer.Length - done);
                if (written >= 0)
                    done += (int)written;
                else
                    WaitOrThrow(Marshal.GetLastPInvokeError());
            }
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static void WaitOrThrow(int error)
    {
        switch (error)
        {
            case NativeMethods.ErrorInterrupted:
                return;
            case NativeMethods.ErrorAgain:
                // The reader made the pipe non-blocking and is slow.
                Thread.Yield();
                return;
            case NativeMethods.ErrorBrokenPipe:
                throw new OutputClosedException();
            default:
                throw new IOException($"Cannot write to standard output: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}

/// <summary>The reader of standard output has closed it.</summary>
internal sealed class OutputClosedException : IOException;
