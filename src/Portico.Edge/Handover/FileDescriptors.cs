using System.Buffers.Binary;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portico.Edge.Handover;

/// <summary>Passes open sockets from one process to another over a Unix socket (unix(7), SCM_RIGHTS), which .NET does not offer.</summary>
/// <remarks>Each message is a port and one socket; port 0 without a socket is the last message. The calls block until the timeouts of the sockets.</remarks>
internal static class FileDescriptors
{
    private const int SocketLevel = 1, Rights = 1, SetDescriptorFlags = 2;
    private const int CloseOnExecute = 0x40000000;

    // struct msghdr, iovec and cmsghdr of Linux on 64 bits.
    private const int HeaderSize = 56, VectorAt = 16, VectorCountAt = 24, ControlAt = 32, ControlLengthAt = 40;
    private const int VectorSize = 16, PayloadSize = 4, ControlSize = 24, ControlLength = 20;
    private const int Size = HeaderSize + VectorSize + PayloadSize + 4 + ControlSize;

    /// <exception cref="Win32Exception">The other process has closed the connection.</exception>
    public static void Send(Socket channel, int port, SafeSocketHandle? handle)
    {
        var memory = Marshal.AllocHGlobal(Size);
        try
        {
            var control = Prepare(memory, withControl: handle is not null);
            Marshal.WriteInt32(memory, HeaderSize + VectorSize, BinaryPrimitives.ReverseEndianness(port));
            if (handle is not null)
            {
                Marshal.WriteInt64(control, ControlLength);
                Marshal.WriteInt32(control, 8, SocketLevel);
                Marshal.WriteInt32(control, 12, Rights);
                Marshal.WriteInt32(control, 16, (int)handle.DangerousGetHandle());
            }
            if (SendMessage(channel.SafeHandle, memory, 0) < 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    /// <returns>The next socket; no socket in the last message.</returns>
    /// <exception cref="Win32Exception">The other process has closed the connection.</exception>
    public static (int Port, SafeSocketHandle? Handle) Receive(Socket channel)
    {
        var memory = Marshal.AllocHGlobal(Size);
        try
        {
            var control = Prepare(memory, withControl: true);
            var count = ReceiveMessage(channel.SafeHandle, memory, CloseOnExecute);
            if (count != PayloadSize)
                throw new Win32Exception(count < 0 ? Marshal.GetLastPInvokeError() : 0, "the other edge has closed the connection.");
            var port = BinaryPrimitives.ReverseEndianness(Marshal.ReadInt32(memory, HeaderSize + VectorSize));
            return Marshal.ReadInt64(memory, ControlLengthAt) >= ControlLength && Marshal.ReadInt32(control, 12) == Rights
                ? (port, new SafeSocketHandle(Marshal.ReadInt32(control, 16), ownsHandle: true))
                : (port, null);
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    /// <summary>
    /// Prepares a socket for being closed here while another process continues to use it. .NET may disconnect a socket that it
    /// closes during a pending operation, unless the socket is marked as inherited.
    /// </summary>
    public static void KeepOpenElsewhere(Socket socket) => _ = SetFlags(socket.SafeHandle, SetDescriptorFlags, 0);

    private static nint Prepare(nint memory, bool withControl)
    {
        for (var at = 0; at < Size; at++)
            Marshal.WriteByte(memory, at, 0);
        var (vector, payload) = (memory + HeaderSize, memory + HeaderSize + VectorSize);
        var control = payload + PayloadSize + 4;
        Marshal.WriteIntPtr(memory, VectorAt, vector);
        Marshal.WriteInt64(memory, VectorCountAt, 1);
        Marshal.WriteIntPtr(vector, payload);
        Marshal.WriteInt64(vector, 8, PayloadSize);
        Marshal.WriteIntPtr(memory, ControlAt, withControl ? control : 0);
        Marshal.WriteInt64(memory, ControlLengthAt, withControl ? ControlSize : 0);
        return control;
    }

    [DllImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint SendMessage(SafeSocketHandle socket, nint message, int flags);

    [DllImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ReceiveMessage(SafeSocketHandle socket, nint message, int flags);

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetFlags(SafeSocketHandle socket, int command, int flags);
}
