using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portico.Edge.Listening;

/// <summary>Reads the address and port that a client has connected to.</summary>
/// <remarks>
/// <see cref="Socket.LocalEndPoint"/> of an accepted socket is what its listening socket is bound to, without asking the system. Packet
/// rules lead connections to other addresses there.
/// </remarks>
internal static class DialledAddress
{
    // struct sockaddr_in: family, port, address, eight bytes that mean nothing.
    private const int Size = 16, PortAt = 2, AddressAt = 4, AddressSize = 4;

    /// <param name="client">An accepted IPv4 socket.</param>
    /// <exception cref="SocketException">The connection is closed.</exception>
    public static IPEndPoint Of(Socket client)
    {
        var (name, length) = (new byte[Size], Size);
        return GetSocketName(client.SafeHandle, name, ref length) == 0
            ? new IPEndPoint(new IPAddress(name.AsSpan(AddressAt, AddressSize)), BinaryPrimitives.ReadUInt16BigEndian(name.AsSpan(PortAt)))
            : throw new SocketException(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetSocketName(SafeSocketHandle socket, byte[] name, ref int length);
}
