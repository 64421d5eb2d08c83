using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Shells.Ssh;

/// <summary>A session over SSH.</summary>
internal sealed class SshClient(Stream stream) : IShellClient
{
    private const int SizeBytes = 4, FailureStatus = 255;

    public async IAsyncEnumerable<ShellInput> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is var (kind, content))
            if (kind == SshFrames.Input)
                yield return new ShellInput.Bytes(content);
            else if (kind == SshFrames.EndOfInput)
                yield return new ShellInput.End();
            else if (kind == SshFrames.Size && content.Length == SizeBytes)
                yield return new ShellInput.Resize(new TerminalSize(BinaryPrimitives.ReadUInt16BigEndian(content), BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(2))));
    }

    public async Task WriteAsync(AttachedOutput.Bytes output, CancellationToken cancellationToken) =>
        await TrySendAsync(output.IsError ? SshFrames.ErrorOutput : SshFrames.Output, output.Content);

    public async Task EndAsync(ShellResult result, CancellationToken cancellationToken)
    {
        if (result.Message is { } message)
            await TrySendAsync(SshFrames.ErrorOutput, Encoding.UTF8.GetBytes($"{message}\r\n"));
        await TrySendAsync(SshFrames.ExitStatus, (byte[])[(byte)(result.ExitCode ?? FailureStatus)]);
    }

    private async Task<(byte Kind, byte[] Content)?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SshFrames.ReadAsync(stream, cancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async Task TrySendAsync(byte kind, ReadOnlyMemory<byte> content)
    {
        try
        {
            await SshFrames.WriteAsync(stream, kind, content, CancellationToken.None);
        }
        catch (IOException)
        {
            // The reader ends the session.
        }
    }
}
