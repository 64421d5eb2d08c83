using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Portico.Core.Engines;

namespace Portico.ControlPlane.KeyValue;

/// <summary>The part of RESP 2 that is needed to configure a server: it sends a command and reads the reply.</summary>
/// <seealso href="https://redis.io/docs/latest/develop/reference/protocol-spec/"/>
internal sealed class RespConnection : IAsyncDisposable
{
    // Replies to our commands are tiny; a peer that is no such server must not make us read for ever.
    private const int MaximumLine = 64 * 1024;
    private const int MaximumItems = 1024;

    private readonly NetworkStream _stream;
    private readonly BufferedStream _replies;
    private readonly byte[] _one = new byte[1];

    private RespConnection(NetworkStream stream)
    {
        _stream = stream;
        _replies = new BufferedStream(stream);
    }

    public static async Task<RespConnection> OpenAsync(InstanceAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            return new RespConnection(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <returns>The items of the reply; one item if the reply is not an array. A null item is a null of the server.</returns>
    /// <exception cref="RespException">The server returned an error, or the reply is not RESP.</exception>
    public async Task<IReadOnlyList<string?>> SendAsync(string[] command, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Encode(command), cancellationToken);
        var header = await ReadLineAsync(cancellationToken);
        if (header is not ['*', .. var count])
            return [await ReadValueAsync(header, cancellationToken)];
        var items = new string?[Length(count, MaximumItems)];
        for (var i = 0; i < items.Length; i++)
            items[i] = await ReadValueAsync(await ReadLineAsync(cancellationToken), cancellationToken);
        return items;
    }

    public ValueTask DisposeAsync() => _replies.DisposeAsync();

    private static byte[] Encode(string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var argument in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(argument)}\r\n{argument}\r\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private async Task<string?> ReadValueAsync(string header, CancellationToken cancellationToken) => header switch
    {
        ['+' or ':', .. var text] => text,
        ['-', .. var error] => throw new RespException(error),
        "$-1" => null,
        ['$', .. var length] => await ReadBulkAsync(Length(length, MaximumLine), cancellationToken),
        _ => throw new RespException("PROTOCOL The reply is not RESP; another program may be using the port."),
    };

    private async Task<string> ReadBulkAsync(int length, CancellationToken cancellationToken)
    {
        var bytes = new byte[length + 2];
        await _replies.ReadExactlyAsync(bytes, cancellationToken);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new List<byte>();
        while (line.Count < MaximumLine)
        {
            await _replies.ReadExactlyAsync(_one, cancellationToken);
            if (_one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            line.Add(_one[0]);
        }
        throw new RespException("PROTOCOL The reply is incomplete; another program may be using the port.");
    }

    private static int Length(string text, int maximum) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= maximum
            ? length
            : throw new RespException("PROTOCOL The reply is not RESP; another program may be using the port.");
}
